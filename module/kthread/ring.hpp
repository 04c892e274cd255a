// SPDX-License-Identifier: GPL-2.0
//
// Queues of a fixed size, which keep their values in themselves and allocate nothing:
//
//	struct uart {
//		kthread::ring<unsigned char, 64> received; // by its interrupt, for one reader
//		unsigned int lost = 0;
//	};
//
//	void interrupt_comes(uart &u, unsigned char byte)
//	{
//		if (!u.received.try_push(byte))
//			++u.lost;
//	}
#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <memory>
#include <optional>

#include "kthread/spinlock.hpp"

namespace kthread
{
// A queue for one context that pushes and one that pops, which need no lock. Context: any. Lifetime: it owns its
// values, and goes after both contexts. Implemented with two atomic indices.
template <class T, unsigned int Capacity, bool = std::is_trivially_destructible_v<T>>
class ring
{
	static_assert(std::has_single_bit(Capacity), "a power of two");

public:
	constexpr ring() noexcept = default;
	ring(const ring &) = delete;
	ring &operator=(const ring &) = delete;

	// Adds a value. Returns false if the queue is full; the value is then as it was.
	template <class U>
	[[nodiscard]] bool try_push(U &&value) noexcept
	{
		const unsigned int tail = tail_.load(std::memory_order_relaxed);

		if (tail - head_.load(std::memory_order_acquire) == Capacity)
			return false;
		std::construct_at(place(tail), std::forward<U>(value));
		tail_.store(tail + 1, std::memory_order_release);
		return true;
	}

	// Takes the oldest value, if there is one.
	[[nodiscard]] std::optional<T> try_pop() noexcept
	{
		const unsigned int head = head_.load(std::memory_order_relaxed);

		if (head == tail_.load(std::memory_order_acquire))
			return std::nullopt;

		T *const oldest = place(head);
		std::optional<T> value(std::move(*oldest));

		std::destroy_at(oldest);
		head_.store(head + 1, std::memory_order_release);
		return value;
	}

	// How many values there are, and how many there can be.
	[[nodiscard]] bool empty() const noexcept { return !size(); }
	[[nodiscard]] static constexpr unsigned int capacity() noexcept { return Capacity; }
	[[nodiscard]] unsigned int size() const noexcept
	{
		// In this order, as others push and pop meanwhile: the tail is behind no head that was read before.
		const unsigned int head = head_.load(std::memory_order_acquire);

		return std::min(tail_.load(std::memory_order_acquire) - head, Capacity);
	}

private:
	T *place(unsigned int i) noexcept { return reinterpret_cast<T *>(storage_) + i % Capacity; }

	std::atomic<unsigned int> head_{0}, tail_{0};
	alignas(T) unsigned char storage_[sizeof(T) * Capacity] = {};
};

// A ring whose values have destructors. It cannot be static, because modules run no destructors of static objects.
// Context: any. Lifetime: it destroys its values. Implemented with the other ring.
template <class T, unsigned int Capacity>
class ring<T, Capacity, false> : public ring<T, Capacity, true>
{
public:
	constexpr ring() noexcept = default;
	// Destroys the values that are left.
	~ring()
	{
		while (this->try_pop()) {
		}
	}
};

// A queue for any number of contexts on each side. Context: hard interrupt. Lifetime: it owns its values, and goes
// after the last call has returned. Implemented with ring and raw_spinlock.
template <class T, unsigned int Capacity>
class shared_ring
{
public:
	template <fixed_string Name>
	constexpr explicit shared_ring(lock_class<Name> name) noexcept : lock_(name)
	{
	}

	// Adds a value. Returns false if the queue is full; the value is then as it was.
	template <class U>
	[[nodiscard]] bool try_push(U &&value) noexcept
	{
		const irqsave_guard held(lock_);

		return ring_.try_push(std::forward<U>(value));
	}
	// Takes the oldest value, if there is one.
	[[nodiscard]] std::optional<T> try_pop() noexcept
	{
		const irqsave_guard held(lock_);

		return ring_.try_pop();
	}
	// How many values there are, and how many there can be.
	[[nodiscard]] unsigned int size() const noexcept { return ring_.size(); }
	[[nodiscard]] bool empty() const noexcept { return ring_.empty(); }
	[[nodiscard]] static constexpr unsigned int capacity() noexcept { return Capacity; }

private:
	raw_spinlock lock_;
	ring<T, Capacity> ring_;
};
} // namespace kthread
