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
// A reader of rcu_ptr, which does not sleep meanwhile. Context: any. Lifetime: the objects that the reader gets
// stay until the guard goes. Wraps rcu_read_lock(), rcu_read_unlock().
class rcu_read_guard
{
public:
	// Begins reading.
	[[nodiscard]] rcu_read_guard() noexcept { native::bridge_rcu_read_lock(); }
	rcu_read_guard(const rcu_read_guard &) = delete;
	rcu_read_guard &operator=(const rcu_read_guard &) = delete;
	// Ends reading.
	~rcu_read_guard() { native::bridge_rcu_read_unlock(); }
};

// Waits until all readers that have begun have ended. A reader must not call it. Context: may sleep. Wraps
// synchronize_rcu().
inline void rcu_synchronize()
{
	native::synchronize_rcu();
}

// A pointer to an object that readers see by RCU. Writers exclude each other by a lock of their own. Lifetime: the object
// goes after a writer has replaced it and all its readers have ended. A destructor would have to wait for readers, so
// there is none: the last writer calls replace(nullptr). Implemented with an atomic pointer.
template <class T>
class rcu_ptr
{
public:
	constexpr rcu_ptr() noexcept = default;
	rcu_ptr(const rcu_ptr &) = delete;
	rcu_ptr &operator=(const rcu_ptr &) = delete;

	// The object, for a reader. Context: any. Wraps rcu_dereference().
	[[nodiscard]] const T *get(const rcu_read_guard &) const noexcept
	{
		return object_.load(std::memory_order_consume);
	}
	// A guard without a name ends the reading before the object is read.
	const T *get(const rcu_read_guard &&) const noexcept = delete;

	// The object, for a writer that holds the writers' lock. Context: any. Wraps rcu_dereference_protected().
	[[nodiscard]] const T *get_locked() const noexcept
	{
		return object_.load(std::memory_order_relaxed);
	}

	// Shows the new object to readers from now on. The caller gets the old one, which it may destroy after an
	// rcu_synchronize(). Context: any. Wraps rcu_replace_pointer().
	[[nodiscard]] std::unique_ptr<T> exchange(std::unique_ptr<T> object) noexcept
	{
		return std::unique_ptr<T>(
			object_.exchange(object.release(), std::memory_order_acq_rel));
	}

	// Does the same, waits for the readers and destroys the old object. Context: may sleep.
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
