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
// A lock and what it guards. Guard is how the lock is held: unique_lock, irqsave_guard, bh_guard. Context:
// that of the lock.
template <class T, class Lock = mutex, template <class> class Guard = std::unique_lock>
class guarded
{
public:
	template <fixed_string Name, class... Args>
	constexpr explicit guarded(lock_class<Name> name, Args &&...args)
		: lock_(name),
		  value_{std::forward<Args>(args)...}
	{
	}
	guarded(const guarded &) = delete;
	guarded &operator=(const guarded &) = delete;

	// The lock is held as long as this lives. condition_variable takes it for a lock.
	template <class Value, template <class> class Held>
	class access
	{
	public:
		[[nodiscard]] Value *operator->() const noexcept { return &value_; }
		[[nodiscard]] Value &operator*() const noexcept { return value_; }

		void lock() { held_.lock(); }
		void unlock() { held_.unlock(); }

	private:
		friend class guarded;

		access(Lock &lock, Value &value) KTHREAD_UNCHECKED : held_(lock), value_(value) {}

		Held<Lock> held_;
		Value &value_;
	};

	[[nodiscard]] auto lock() KTHREAD_UNCHECKED { return access<T, Guard>(lock_, value_); }

	// The same for a reader, of a shared_mutex.
	[[nodiscard]] auto lock_shared() KTHREAD_UNCHECKED
	{
		return access<const T, std::shared_lock>(lock_, value_);
	}

	// Calls f(data) with the lock held, and gives what it returns.
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
