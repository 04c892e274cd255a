// SPDX-License-Identifier: GPL-2.0
//
// Values from producers to consumers, who wait for each other:
//
//	constinit kthread::channel<int, 16> samples{"samples"_lock};
//
//	int produce(kthread::stop_token stop)
//	{
//		for (int i = 0; samples.push(i, stop); ++i) {
//		}
//		samples.close();
//		return 0;
//	}
//
//	kthread::result<int> next_sample()
//	{
//		return samples.pop(kthread::interruptible, kthread::in(1s));
//	}
#pragma once

#include "kthread/ring.hpp"
#include "kthread/waiting.hpp"

namespace kthread
{
// A shared_ring of a fixed size on which threads wait. A value that cannot be pushed stays as it is. The values'
// constructors and the destructors of those that were moved from run with interrupts off. Lifetime: until the last call
// has returned and no thread waits.
// Implemented with raw_spinlock, ring and wait_list.
template <class T, unsigned int Capacity, class List = wait_list>
class channel
{
public:
	template <fixed_string Name>
	constexpr explicit channel(lock_class<Name> name) noexcept
		: lock_(name), consumers_(name), producers_(name)
	{
	}

	// Waits for room, then pushes the value. Context: may sleep. Errors: those of waiting.hpp; EPIPE if
	// the channel is closed.
	template <class U>
	[[nodiscard]] result<void> push(U &&value, wait_mode how = uninterruptible,
					steady_clock::time_point deadline = never)
	{
		bool pushed = false;
		auto waited = wait_on(producers_.native_handle(), how, deadline, [&] {
			pushed = try_push(std::forward<U>(value));
			return pushed || is_closed();
		});

		if (waited && !pushed)
			return std::unexpected(errno_t::EPIPE);
		return waited;
	}

	// Waits for a value and takes it. Context: may sleep. Errors: those of waiting.hpp; EPIPE if the
	// channel is closed and empty.
	[[nodiscard]] result<T> pop(wait_mode how = uninterruptible,
				    steady_clock::time_point deadline = never)
	{
		std::optional<T> value;
		auto waited = wait_on(consumers_.native_handle(), how, deadline, [&] {
			const bool closed = is_closed();

			value = try_pop();
			return value || closed;
		});

		if (!waited)
			return std::unexpected(waited.error());
		if (!value)
			return std::unexpected(errno_t::EPIPE);
		return std::move(*value);
	}

	// Pushes without waiting. Returns false if the channel is full or closed. Context: hard interrupt.
	template <class U>
	[[nodiscard]] bool try_push(U &&value) noexcept
	{
		{
			const irqsave_guard held(lock_);

			if (closed_.load(std::memory_order_relaxed) ||
			    !ring_.try_push(std::forward<U>(value)))
				return false;
		}
		consumers_.notify_one();
		return true;
	}
	// Takes the oldest value, if there is one. Context: hard interrupt.
	[[nodiscard]] std::optional<T> try_pop() noexcept
	{
		std::optional<T> value;
		{
			const irqsave_guard held(lock_);

			value = ring_.try_pop();
		}
		if (value)
			producers_.notify_one();
		return value;
	}

	// Refuses further values and ends all waits. The values that are there can be popped.
	// Context: hard interrupt.
	void close() noexcept
	{
		{
			const irqsave_guard held(lock_);

			closed_.store(true, std::memory_order_release);
		}
		consumers_.notify_all();
		producers_.notify_all();
	}
	// Whether close() has been called. Context: any.
	[[nodiscard]] bool is_closed() const noexcept
	{
		return closed_.load(std::memory_order_acquire);
	}

	// How many values there are, and how many there can be. Context: any.
	[[nodiscard]] unsigned int size() const noexcept { return ring_.size(); }
	[[nodiscard]] bool empty() const noexcept { return ring_.empty(); }
	[[nodiscard]] static constexpr unsigned int capacity() noexcept { return Capacity; }

	// For the library: where tasks wait for a value, and for room.
	[[nodiscard]] const List &waiting_consumers() const noexcept { return consumers_; }
	[[nodiscard]] const List &waiting_producers() const noexcept { return producers_; }

private:
	raw_spinlock lock_;
	std::atomic<bool> closed_{false};
	List consumers_, producers_;
	ring<T, Capacity> ring_;
};
} // namespace kthread
