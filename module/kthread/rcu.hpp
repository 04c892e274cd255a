// SPDX-License-Identifier: GPL-2.0
//
// Data that many read without a lock, while one puts another in its place:
//
//	struct settings {
//		int speed;
//	};
//	constinit kthread::rcu_ptr<settings> current_settings;
//
//	int speed()
//	{
//		const kthread::rcu_read_guard reading;
//		const settings *s = current_settings.get(reading);
//
//		return s ? s->speed : 0;
//	}
//
//	void set(std::unique_ptr<settings> changed)
//	{
//		current_settings.replace(std::move(changed));
//	}
#pragma once

#include <atomic>
#include <memory>

#include "kthread/context.hpp"
#include "bridge/locks.h"

namespace kthread
{
// What is read of an rcu_ptr stays as long as this lives, in which the reader does not sleep. Context: any.
// Wraps rcu_read_lock(), rcu_read_unlock().
class rcu_read_guard
{
public:
	rcu_read_guard() noexcept { native::bridge_rcu_read_lock(); }
	rcu_read_guard(const rcu_read_guard &) = delete;
	rcu_read_guard &operator=(const rcu_read_guard &) = delete;
	~rcu_read_guard() { native::bridge_rcu_read_unlock(); }
};

// Waits until all readers that are there have ended. Not under an rcu_read_guard. Context: may sleep. Wraps
// synchronize_rcu().
inline void rcu_synchronize()
{
	native::synchronize_rcu();
}

// A pointer that owns its object. Its writers have a lock of their own, or there is one only.
template <class T>
class rcu_ptr
{
public:
	constexpr rcu_ptr() noexcept = default;
	rcu_ptr(const rcu_ptr &) = delete;
	rcu_ptr &operator=(const rcu_ptr &) = delete;

	// For a reader. Wraps rcu_dereference().
	[[nodiscard]] const T *get(const rcu_read_guard &) const noexcept
	{
		return object_.load(std::memory_order_consume);
	}

	// For a writer, whose object it stays. Wraps rcu_dereference_protected().
	[[nodiscard]] const T *get_locked() const noexcept
	{
		return object_.load(std::memory_order_relaxed);
	}

	// Readers see the new object from now on. What was there is the caller's, and goes after an
	// rcu_synchronize(). Wraps rcu_replace_pointer().
	[[nodiscard]] std::unique_ptr<T> exchange(std::unique_ptr<T> object) noexcept
	{
		return std::unique_ptr<T>(
			object_.exchange(object.release(), std::memory_order_acq_rel));
	}

	// The same, and waits and destroys what was there. Context: may sleep.
	void replace(std::unique_ptr<T> object)
	{
		might_sleep();
		if (auto old = exchange(std::move(object)))
			rcu_synchronize();
	}

private:
	std::atomic<T *> object_{nullptr};
};
} // namespace kthread
