// SPDX-License-Identifier: GPL-2.0
//
// Data that can be touched only while its lock is held:
//
//	struct counters {
//		long packets = 0, bytes = 0;
//	};
//	constinit kthread::guarded<counters> seen{"seen"_lock};
//	constinit kthread::guarded<long, kthread::spinlock, kthread::irqsave_guard> lost{"lost"_lock};
//
//	void see(long bytes)
//	{
//		seen.with([&](counters &c) {
//			++c.packets;
//			c.bytes += bytes;
//		});
//		++*lost.lock();
//	}
#pragma once

#include "kthread/mutex.hpp"
#include "kthread/spinlock.hpp"

namespace kthread
{
// A lock and the data that it guards. Guard is how the lock is held: unique_lock, irqsave_guard, bh_guard.
// Context: that of the lock. Lifetime: until the last access is gone. Implemented with the lock and its guard.
template <class T, class Lock = mutex, template <class> class Guard = std::unique_lock>
class guarded
{
public:
	template <fixed_string Name, class... Args>
	constexpr explicit guarded(lock_class<Name> name, Args &&...args)
		: lock_(name), value_{std::forward<Args>(args)...}
	{
	}
	guarded(const guarded &) = delete;
	guarded &operator=(const guarded &) = delete;

	// Access to the data. condition_variable takes it for a lock. Context: that of the lock. Lifetime: the lock
	// is held as long as it lives. Implemented with the lock's guard.
	template <class Value, template <class> class Held>
	class access
	{
	public:
		access(const access &) = delete;
		access &operator=(const access &) = delete;

		// The data.
		[[nodiscard]] Value *operator->() const noexcept { return &value_; }
		[[nodiscard]] Value &operator*() const noexcept { return value_; }

	private:
		friend class guarded;
		friend class condition_variable;

		// Not for others, who would touch the data without the lock.
		void lock() KTHREAD_UNCHECKED { held_.lock(); }
		void unlock() KTHREAD_UNCHECKED { held_.unlock(); }

		access(Lock &lock, Value &value) KTHREAD_UNCHECKED : held_(lock), value_(value) {}

		Held<Lock> held_;
		Value &value_;
	};

	// Takes the lock and gives access to the data.
	[[nodiscard]] auto lock() KTHREAD_UNCHECKED { return access<T, Guard>(lock_, value_); }

	// Takes a shared_mutex for reading and gives access to the data.
	[[nodiscard]] auto lock_shared() KTHREAD_UNCHECKED
	{
		return access<const T, std::shared_lock>(lock_, value_);
	}

	// Calls f(data) with the lock held, and returns what f returns.
	template <class F>
	decltype(auto) with(F f) KTHREAD_UNCHECKED
	{
		const Guard<Lock> held(lock_);

		return f(value_);
	}

private:
	Lock lock_;
	T value_;
};
} // namespace kthread
