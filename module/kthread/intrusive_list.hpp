// SPDX-License-Identifier: GPL-2.0
//
// A list of objects that have their place in it as a member, and need no memory for it:
//
//	#include "kthread/spinlock.hpp"
//
//	struct request {
//		int sector;
//		kthread::list_hook place;
//	};
//
//	struct queue {
//		kthread::spinlock lock{"queue::lock"_lock};
//		kthread::intrusive_list<request, &request::place> waiting KTHREAD_GUARDED_BY(lock);
//	};
//
//	void submit(queue &q, request &r)
//	{
//		const kthread::irqsave_guard held(q.lock);
//
//		q.waiting.push_back(r);
//	}
#pragma once

#include <cstddef>
#include <utility>

#include "bridge/locks.h"

namespace kthread
{
// For the library: the links of a list.
struct list_links {
	list_links *next = nullptr, *prev = nullptr;
};

// An object's place in one list at a time. An object has one for each list that it can be in. Kernels with
// CONFIG_DEBUG_LIST, such as Debian's, report a hook that is destroyed or added while it is in a list. It is laid
// out as a struct list_head. Context: any. Lifetime: it is taken out of its list before it goes. A static object
// cannot have one, because modules run no destructors of static objects. Implemented with two pointers.
class list_hook : list_links
{
public:
	constexpr list_hook() noexcept = default;
	list_hook(const list_hook &) = delete;
	list_hook &operator=(const list_hook &) = delete;
	// Reports a hook that is still in a list.
	~list_hook()
	{
		if (BRIDGE_DEBUG_LISTS && next)
			native::bridge_warn_linked(this);
	}

	// Whether the hook is in a list.
	[[nodiscard]] bool is_linked() const noexcept { return next; }

private:
	template <class T, list_hook T::*Hook>
	friend class intrusive_list;
};

// A list of objects that have a list_hook. No function sleeps, allocates or locks: the caller holds the lock that
// guards the list. Context: any. Lifetime: the elements go before the list, or are taken out, as a list that is
// destroyed leaves its elements linked. Implemented with pointers, laid out as a struct list_head.
template <class T, list_hook T::*Hook>
class intrusive_list
{
public:
	// Makes an empty list.
	constexpr intrusive_list() noexcept : head_{&head_, &head_} {}
	intrusive_list(const intrusive_list &) = delete;
	intrusive_list &operator=(const intrusive_list &) = delete;

	// A place in the list. Context: any. Lifetime: as long as its element is in the list. Implemented with a
	// pointer.
	class iterator
	{
	public:
		// The element, and the next place.
		T &operator*() const noexcept { return element(*at_); }
		T *operator->() const noexcept { return &element(*at_); }
		iterator &operator++() noexcept
		{
			at_ = at_->next;
			return *this;
		}
		bool operator==(const iterator &) const noexcept = default;

	private:
		friend class intrusive_list;

		explicit iterator(list_links *at) noexcept : at_(at) {}

		list_links *at_;
	};

	// The elements, as those of a container.
	[[nodiscard]] iterator begin() noexcept { return iterator(head_.next); }
	[[nodiscard]] iterator end() noexcept { return iterator(&head_); }
	[[nodiscard]] bool empty() const noexcept { return head_.next == &head_; }
	[[nodiscard]] T &front() noexcept { return element(*head_.next); }
	[[nodiscard]] T &back() noexcept { return element(*head_.prev); }

	// Adds an element. An element that is in a list already stays there, which is reported.
	void push_back(T &element) noexcept { insert(&head_, element); }
	void push_front(T &element) noexcept { insert(head_.next, element); }
	void insert(iterator before, T &element) noexcept { insert(before.at_, element); }

	// Takes the first element out. Returns null if there is none.
	T *pop_front() noexcept
	{
		if (empty())
			return nullptr;

		T &first = front();

		unlink(first.*Hook);
		return &first;
	}

	// Takes the element out, if it is in a list, which has to be this one. Returns the next element.
	iterator erase(T &element) noexcept
	{
		list_hook &hook = element.*Hook;

		if (!hook.is_linked())
			return end();

		list_links *const next = hook.next;

		unlink(hook);
		return iterator(next);
	}
	// Does the same.
	iterator erase(iterator at) noexcept { return erase(*at); }
	// Takes out all elements for which the predicate is true.
	template <class Predicate>
	void remove_if(Predicate predicate)
	{
		for (iterator i = begin(); i != end();)
			i = predicate(*i) ? erase(i) : ++i;
	}
	// Takes out all elements.
	void clear() noexcept
	{
		while (head_.next != &head_)
			unlink(*head_.next);
	}

	// Moves all elements of the other list to the end of this one.
	void splice(intrusive_list &other) noexcept
	{
		while (T *element = other.pop_front())
			push_back(*element);
	}

private:
	// list_head has its element around it.
	static T &element(list_links &links) noexcept
	{
		const std::size_t offset =
			reinterpret_cast<std::size_t>(&(reinterpret_cast<T *>(alignof(T))->*Hook)) -
			alignof(T);

		return *reinterpret_cast<T *>(reinterpret_cast<char *>(&links) - offset);
	}
	static void unlink(list_links &links) noexcept
	{
		links.prev->next = links.next;
		links.next->prev = links.prev;
		links.next = links.prev = nullptr;
	}
	void insert(list_links *before, T &element) noexcept
	{
		list_hook &hook = element.*Hook;

		if (hook.is_linked()) [[unlikely]] {
			native::bridge_warn_linked(&hook);
			return;
		}
		hook.next = before;
		hook.prev = before->prev;
		before->prev->next = &hook;
		before->prev = &hook;
	}

	list_links head_;
};
} // namespace kthread
