// SPDX-License-Identifier: GPL-2.0
//
// Threads that begin and end together:
//
//	auto start(int (*pump)(kthread::stop_token, unsigned int))
//	{
//		auto group = kthread::jthread_group::create("pump", 8, pump);
//
//		if (group)
//			group->wake();
//		return group;
//	}
#pragma once

#include <span>

#include "kthread/jthread.hpp"

namespace kthread
{
// Threads with copies of one body. Move-only. Lifetime: the threads end at the latest with the group.
// Implemented with an array of jthread.
class jthread_group
{
public:
	jthread_group() noexcept = default;
	jthread_group(jthread_group &&other) noexcept
		: threads_(std::move(other.threads_)), size_(std::exchange(other.size_, 0))
	{
	}
	jthread_group &operator=(jthread_group &&other) noexcept
	{
		jthread_group moved(std::move(other));
		std::swap(threads_, moved.threads_);
		std::swap(size_, moved.size_);
		return *this;
	}
	// Asks all threads to stop before it waits for the first. So stopping takes as long as the slowest
	// thread needs, and not as long as all need one after the other. Context: may sleep.
	~jthread_group()
	{
		// One alone is asked by its own destructor, and is woken once.
		if (size_ > 1)
			request_stop();
	}

	// Creates size threads that do not run yet, named name/0, name/1 and so on. Each has a copy of
	// the body, which is called as int(stop_token, unsigned int index). If one cannot be created, none
	// is left. Context: may sleep. Errors: those of jthread::create().
	template <class F>
	[[nodiscard]] static result<jthread_group> create(const char *name, unsigned int size,
							  const F &body,
							  lock_site site = lock_site::current())
	{
		jthread_group group;

		group.threads_.reset(new (std::nothrow) jthread[size]);
		if (!group.threads_)
			return std::unexpected(errno_t::ENOMEM);
		for (unsigned int i = 0; i < size; ++i) {
			auto thread = jthread::create(
				kthread::name("%s/%u", name, i),
				[body = std::decay_t<F>(body), i](stop_token stop) mutable {
					return body(stop, i);
				},
				BRIDGE_NO_NODE, site);
			if (!thread)
				return std::unexpected(thread.error());
			group.threads_[i] = std::move(*thread);
			group.size_ = i + 1;
		}
		return group;
	}

	// Starts all threads, or ends the sleep of all. Context: hard interrupt.
	void wake()
	{
		for (jthread &thread : *this)
			thread.wake();
	}

	// Asks all threads to stop, without waiting. Context: hard interrupt.
	void request_stop()
	{
		for (jthread &thread : *this)
			thread.request_stop();
	}

	// Asks all threads to stop and waits for all. Then the get() of each thread gives its body's result.
	// Context: may sleep.
	void stop()
	{
		might_sleep();
		request_stop();
		for (jthread &thread : *this)
			(void)thread.join();
	}

	// The threads, as those of a container. Context: any.
	[[nodiscard]] unsigned int size() const noexcept { return size_; }
	[[nodiscard]] jthread &operator[](unsigned int i) { return threads()[i]; }
	[[nodiscard]] jthread *begin() { return threads_.get(); }
	[[nodiscard]] jthread *end() { return threads_.get() + size_; }

private:
	[[nodiscard]] std::span<jthread> threads() { return {threads_.get(), size_}; }

	std::unique_ptr<jthread[]> threads_;
	unsigned int size_ = 0;
};
} // namespace kthread
