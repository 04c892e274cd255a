// SPDX-License-Identifier: GPL-2.0
//
// Objects that live as long as someone refers to them, counted by the kernel's refcount_t:
//
//	struct session : cxxrt::refcounted<session> {
//		int id = 0;
//	};
//	cxxrt::ref_ptr<session> first = cxxrt::make_refcounted<session>(); // null: no memory
//	cxxrt::ref_ptr<session> second = first;
//
// A count that wraps, or comes back from 0, is a warning of the kernel's, and the object leaks then
// instead of being used after it is gone. From any context in which the object may be destroyed. Takes
// $(cxxrt-kernel-objs).
#pragma once

#include <compare>
#include <cxxrt/kernel_words.hpp>
#include <new>
#include <utility>

namespace cxxrt
{
template <class T>
class ref_ptr;

// The base of such a class; T is the class itself. It begins with one reference.
template <class T>
class refcounted
{
public:
	refcounted(const refcounted &) = delete;
	refcounted &operator=(const refcounted &) = delete;

	[[nodiscard]] unsigned int use_count() const { return cxxrt_refcount_read(&count_); }

protected:
	refcounted() { cxxrt_refcount_set(&count_, 1); }
	~refcounted() = default;

private:
	friend ref_ptr<T>;

	int count_;
};

template <class T>
class ref_ptr
{
public:
	using element_type = T;

	constexpr ref_ptr() noexcept = default;
	constexpr ref_ptr(std::nullptr_t) noexcept {}
	ref_ptr(const ref_ptr &other) noexcept : pointer_(other.pointer_)
	{
		if (pointer_)
			cxxrt_refcount_inc(count());
	}
	constexpr ref_ptr(ref_ptr &&other) noexcept
		: pointer_(std::exchange(other.pointer_, nullptr))
	{
	}
	~ref_ptr() { reset(); }
	ref_ptr &operator=(ref_ptr other) noexcept
	{
		std::swap(pointer_, other.pointer_);
		return *this;
	}

	// Takes over a reference that is counted already.
	[[nodiscard]] static ref_ptr adopt(T *p) noexcept
	{
		ref_ptr made;
		made.pointer_ = p;
		return made;
	}
	// Of an object that may be about to go: null if it is. Its memory has to be held otherwise, as by RCU.
	[[nodiscard]] static ref_ptr get_unless_zero(T *p) noexcept
	{
		return adopt(p && cxxrt_refcount_inc_not_zero(&p->refcounted<T>::count_) ? p
											 : nullptr);
	}
	// Another one's from now on: adopt() takes it back.
	[[nodiscard]] T *release() noexcept { return std::exchange(pointer_, nullptr); }

	void reset() noexcept
	{
		T *const old = std::exchange(pointer_, nullptr);
		if (old && cxxrt_refcount_dec_and_test(&old->refcounted<T>::count_))
			delete old;
	}

	[[nodiscard]] T *get() const noexcept { return pointer_; }
	T &operator*() const noexcept { return *pointer_; }
	T *operator->() const noexcept { return pointer_; }
	explicit operator bool() const noexcept { return pointer_; }
	friend bool operator==(const ref_ptr &, const ref_ptr &) = default;
	friend bool operator==(const ref_ptr &p, std::nullptr_t) { return !p.pointer_; }

private:
	int *count() const { return &pointer_->refcounted<T>::count_; }

	T *pointer_ = nullptr;
};

// May sleep; null when there is no memory.
template <class T, class... Args>
[[nodiscard]] ref_ptr<T> make_refcounted(Args &&...args)
{
	return ref_ptr<T>::adopt(new (std::nothrow) T(std::forward<Args>(args)...));
}
} // namespace cxxrt
