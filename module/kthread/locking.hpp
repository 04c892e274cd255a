// SPDX-License-Identifier: GPL-2.0
//
// The locks of the library itself: the kernel's, with attributes by which clang's -Wthread-safety
// finds what is touched without its lock.
//
//	class stack {
//		kthread::irq_lock lock_;
//		int top_ KTHREAD_GUARDED_BY(lock_) = 0;
//
//	public:
//		void push()
//		{
//			const kthread::irq_guard locked(lock_);
//
//			++top_;
//		}
//	};
#pragma once

#include "bridge/bridge.h"
#include "kthread/thread_safety.hpp"

namespace kthread
{
// For the library: held for a bounded number of instructions, with interrupts off. Context: hard interrupt. Wraps
// raw_spinlock_t.
class KTHREAD_CAPABILITY("spinlock") irq_lock
{
public:
	irq_lock() { bridge_lock_init(&lock_); }
	irq_lock(const irq_lock &) = delete;
	irq_lock &operator=(const irq_lock &) = delete;

	unsigned long lock() KTHREAD_ACQUIRE() { return bridge_lock_acquire(&lock_); }
	void unlock(unsigned long flags) KTHREAD_RELEASE() { bridge_lock_release(&lock_, flags); }
	// For a caller that has interrupts on.
	void lock_irq() KTHREAD_ACQUIRE() { bridge_lock_acquire_irq(&lock_); }
	void unlock_irq() KTHREAD_RELEASE() { bridge_lock_release_irq(&lock_); }
	// For a function of the bridge that takes the lock itself.
	bridge_lock *get() { return &lock_; }

private:
	bridge_lock lock_;
};

// For the library: holds an irq_lock in its scope.
class KTHREAD_SCOPED irq_guard
{
public:
	explicit irq_guard(irq_lock &lock) KTHREAD_ACQUIRE(lock) : lock_(lock), flags_(lock.lock())
	{
	}
	irq_guard(const irq_guard &) = delete;
	irq_guard &operator=(const irq_guard &) = delete;
	~irq_guard() KTHREAD_RELEASE() { lock_.unlock(flags_); }

private:
	irq_lock &lock_;
	const unsigned long flags_;
};

// For the library: a lock whose owners may sleep. Context: may sleep. Wraps struct mutex.
class KTHREAD_CAPABILITY("mutex") sleeping_lock
{
public:
	sleeping_lock() { bridge_mutex_init(&mutex_); }
	sleeping_lock(const sleeping_lock &) = delete;
	sleeping_lock &operator=(const sleeping_lock &) = delete;

	void lock() KTHREAD_ACQUIRE() { bridge_mutex_lock(&mutex_); }
	bool try_lock() KTHREAD_TRY_ACQUIRE(true) { return bridge_mutex_try_lock(&mutex_); }
	void unlock() KTHREAD_RELEASE() { bridge_mutex_unlock(&mutex_); }

private:
	bridge_mutex mutex_;
};

// For the library: holds a sleeping_lock in its scope.
class KTHREAD_SCOPED sleeping_guard
{
public:
	explicit sleeping_guard(sleeping_lock &lock) KTHREAD_ACQUIRE(lock) : lock_(lock)
	{
		lock_.lock();
	}
	sleeping_guard(const sleeping_guard &) = delete;
	sleeping_guard &operator=(const sleeping_guard &) = delete;
	~sleeping_guard() KTHREAD_RELEASE() { lock_.unlock(); }

private:
	sleeping_lock &lock_;
};
} // namespace kthread
