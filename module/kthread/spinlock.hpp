// SPDX-License-Identifier: GPL-2.0
//
// The kernel's spinlocks. Which guard holds one says who else may take it: std::lock_guard if only threads
// do, bh_guard if softirqs do, irqsave_guard if hard interrupts do.
//
//	struct device {
//		kthread::spinlock lock{"device::lock"_lock};
//		unsigned int pending KTHREAD_GUARDED_BY(lock) = 0;
//	};
//
//	void interrupt_comes(device &d, unsigned int bits)
//	{
//		const kthread::irqsave_guard held(d.lock);
//
//		d.pending |= bits;
//	}
//
// Each lock has the kernel's size, needs no constructor and no destructor at run time, and has a lockdep class by its
// name.
#pragma once

#include <cxxrt/lock_guards.hpp>

#include "kthread/kernel_object.hpp"
#include "kthread/thread_safety.hpp"

namespace kthread
{
class condition_variable;
template <class T, class Lock, template <class> class Guard>
class guarded;

// A lock that is held for a short time, in which the holder does not sleep. Context: hard interrupt. Lifetime: until
// the last holder's unlock has returned. Wraps raw_spinlock_t.
class KTHREAD_CAPABILITY("raw_spinlock") raw_spinlock
	: kernel_object<raw_spinlock_image, BRIDGE_RAW_SPINLOCK_ALIGN>
{
public:
	template <fixed_string Name>
	constexpr explicit raw_spinlock(lock_class<Name> name) noexcept : kernel_object(name)
	{
	}

	// Take and give back the lock. Wrap raw_spin_lock(), raw_spin_trylock(), raw_spin_unlock().
	void lock() noexcept KTHREAD_ACQUIRE() KTHREAD_UNCHECKED { take(native_handle()); }
	[[nodiscard]] bool try_lock() noexcept KTHREAD_TRY_ACQUIRE(true) KTHREAD_UNCHECKED
	{
		return try_take(native_handle());
	}
	void unlock() noexcept KTHREAD_RELEASE() KTHREAD_UNCHECKED { drop(native_handle()); }

	// Does what mutex::lock_nested() does. Wraps raw_spin_lock_nested().
	void lock_nested(int subclass) noexcept KTHREAD_ACQUIRE() KTHREAD_UNCHECKED
	{
		take_nested(native_handle(), subclass);
	}

	// irqsave_guard calls these. lock_irqsave() returns the flags that unlock_irqrestore() takes. Wrap
	// raw_spin_lock_irqsave(), raw_spin_unlock_irqrestore().
	[[nodiscard]] unsigned long lock_irqsave() noexcept KTHREAD_ACQUIRE() KTHREAD_UNCHECKED
	{
		return take_irqsave(native_handle());
	}
	void unlock_irqrestore(unsigned long flags) noexcept KTHREAD_RELEASE() KTHREAD_UNCHECKED
	{
		drop_irqrestore(native_handle(), flags);
	}

	// For bh_guard. Wrap raw_spin_lock_bh(), raw_spin_unlock_bh().
	void lock_bh() noexcept KTHREAD_ACQUIRE() KTHREAD_UNCHECKED { take_bh(native_handle()); }
	void unlock_bh() noexcept KTHREAD_RELEASE() KTHREAD_UNCHECKED { drop_bh(native_handle()); }

	// The raw_spinlock_t, for C.
	using native_handle_type = native::raw_spinlock *;
	native_handle_type native_handle() noexcept { return as<native::raw_spinlock>(); }

private:
	friend class spinlock;

#ifdef BRIDGE_HAS__raw_spin_lock
	static void take(native::raw_spinlock *lock)
	{
		native::_raw_spin_lock(lock);
	}
#else
	static void take(native::raw_spinlock *lock)
	{
		native::bridge_raw_spin_lock(lock);
	}
#endif
#ifdef BRIDGE_HAS__raw_spin_trylock
	static bool try_take(native::raw_spinlock *lock)
	{
		return native::_raw_spin_trylock(lock);
	}
#else
	static bool try_take(native::raw_spinlock *lock)
	{
		return native::bridge_raw_spin_trylock(lock);
	}
#endif
#ifdef BRIDGE_HAS__raw_spin_unlock
	static void drop(native::raw_spinlock *lock)
	{
		native::_raw_spin_unlock(lock);
	}
#else
	static void drop(native::raw_spinlock *lock)
	{
		native::bridge_raw_spin_unlock(lock);
	}
#endif
	static void take_nested(native::raw_spinlock *lock, [[maybe_unused]] int subclass)
	{
#if BRIDGE_DEBUG_LOCK_ALLOC && defined(BRIDGE_HAS__raw_spin_lock)
		native::_raw_spin_lock_nested(lock, subclass);
#else
		take(lock);
#endif
	}
#ifdef BRIDGE_HAS__raw_spin_lock_irqsave
	static unsigned long take_irqsave(native::raw_spinlock *lock)
	{
		return native::_raw_spin_lock_irqsave(lock);
	}
#else
	static unsigned long take_irqsave(native::raw_spinlock *lock)
	{
		return native::bridge_raw_spin_lock_irqsave(lock);
	}
#endif
#ifdef BRIDGE_HAS__raw_spin_unlock_irqrestore
	static void drop_irqrestore(native::raw_spinlock *lock, unsigned long flags)
	{
		native::_raw_spin_unlock_irqrestore(lock, flags);
	}
#else
	static void drop_irqrestore(native::raw_spinlock *lock, unsigned long flags)
	{
		native::bridge_raw_spin_unlock_irqrestore(lock, flags);
	}
#endif
#ifdef BRIDGE_HAS__raw_spin_lock_bh
	static void take_bh(native::raw_spinlock *lock)
	{
		native::_raw_spin_lock_bh(lock);
	}
#else
	static void take_bh(native::raw_spinlock *lock)
	{
		native::bridge_raw_spin_lock_bh(lock);
	}
#endif
#ifdef BRIDGE_HAS__raw_spin_unlock_bh
	static void drop_bh(native::raw_spinlock *lock)
	{
		native::_raw_spin_unlock_bh(lock);
	}
#else
	static void drop_bh(native::raw_spinlock *lock)
	{
		native::bridge_raw_spin_unlock_bh(lock);
	}
#endif
};
static_assert(sizeof(raw_spinlock) == (BRIDGE_RAW_SPINLOCK_SIZE ? BRIDGE_RAW_SPINLOCK_SIZE : 1));

// The kernel's spinlock of threads. On PREEMPT_RT its holder can be preempted, waiting for it sleeps, and no guard
// turns interrupts off. Context: atomic; in kernels without PREEMPT_RT hard interrupt. Lifetime: until the
// last holder's unlock has returned. Wraps spinlock_t.
class KTHREAD_CAPABILITY("spinlock") spinlock : kernel_object<spinlock_image, BRIDGE_SPINLOCK_ALIGN>
{
public:
	template <fixed_string Name>
	constexpr explicit spinlock(lock_class<Name> name) noexcept : kernel_object(name)
	{
	}

#if BRIDGE_PREEMPT_RT
	void lock() noexcept KTHREAD_ACQUIRE() KTHREAD_UNCHECKED
	{
		native::rt_spin_lock(native_handle());
	}
	[[nodiscard]] bool try_lock() noexcept KTHREAD_TRY_ACQUIRE(true) KTHREAD_UNCHECKED
	{
		return native::rt_spin_trylock(native_handle());
	}
	void unlock() noexcept KTHREAD_RELEASE() KTHREAD_UNCHECKED
	{
		native::rt_spin_unlock(native_handle());
	}
	void lock_nested([[maybe_unused]] int subclass) noexcept KTHREAD_ACQUIRE() KTHREAD_UNCHECKED
	{
#if BRIDGE_DEBUG_LOCK_ALLOC
		native::rt_spin_lock_nested(native_handle(), subclass);
#else
		lock();
#endif
	}
	[[nodiscard]] unsigned long lock_irqsave() noexcept KTHREAD_ACQUIRE() KTHREAD_UNCHECKED
	{
		lock();
		return 0;
	}
	void unlock_irqrestore(unsigned long) noexcept KTHREAD_RELEASE() KTHREAD_UNCHECKED
	{
		unlock();
	}
	void lock_bh() noexcept KTHREAD_ACQUIRE() KTHREAD_UNCHECKED
	{
		native::bridge_spin_lock_bh(native_handle());
	}
	void unlock_bh() noexcept KTHREAD_RELEASE() KTHREAD_UNCHECKED
	{
		native::bridge_spin_unlock_bh(native_handle());
	}
#else
	// Wrap spin_lock(), spin_trylock(), spin_unlock().
	void lock() noexcept KTHREAD_ACQUIRE() KTHREAD_UNCHECKED
	{
		raw_spinlock::take(raw());
	}
	[[nodiscard]] bool try_lock() noexcept KTHREAD_TRY_ACQUIRE(true) KTHREAD_UNCHECKED
	{
		return raw_spinlock::try_take(raw());
	}
	void unlock() noexcept KTHREAD_RELEASE() KTHREAD_UNCHECKED
	{
		raw_spinlock::drop(raw());
	}

	// Does what mutex::lock_nested() does. Wraps spin_lock_nested().
	void lock_nested(int subclass) noexcept KTHREAD_ACQUIRE() KTHREAD_UNCHECKED
	{
		raw_spinlock::take_nested(raw(), subclass);
	}

	// irqsave_guard calls these. lock_irqsave() returns the flags that unlock_irqrestore() takes. Wrap
	// spin_lock_irqsave(), spin_unlock_irqrestore().
	[[nodiscard]] unsigned long lock_irqsave() noexcept KTHREAD_ACQUIRE() KTHREAD_UNCHECKED
	{
		return raw_spinlock::take_irqsave(raw());
	}
	void unlock_irqrestore(unsigned long flags) noexcept KTHREAD_RELEASE() KTHREAD_UNCHECKED
	{
		raw_spinlock::drop_irqrestore(raw(), flags);
	}

	// For bh_guard. Wrap spin_lock_bh(), spin_unlock_bh().
	void lock_bh() noexcept KTHREAD_ACQUIRE() KTHREAD_UNCHECKED
	{
		raw_spinlock::take_bh(raw());
	}
	void unlock_bh() noexcept KTHREAD_RELEASE() KTHREAD_UNCHECKED
	{
		raw_spinlock::drop_bh(raw());
	}
#endif

	// The spinlock_t, for C.
	using native_handle_type = native::spinlock *;
	native_handle_type native_handle() noexcept
	{
		return as<native::spinlock>();
	}

private:
	native::raw_spinlock *raw() noexcept
	{
		return as<native::raw_spinlock>();
	}
};
static_assert(sizeof(spinlock) == (BRIDGE_SPINLOCK_SIZE ? BRIDGE_SPINLOCK_SIZE : 1));

// Holds a spinlock with interrupts off, and restores them as they were. Context: that of the lock. Lifetime: the
// lock is held as long as it lives. Wraps spin_lock_irqsave(), spin_unlock_irqrestore() and their raw forms.
template <class Lock>
class KTHREAD_SCOPED irqsave_guard
{
public:
	// Takes the lock.
	[[nodiscard]] explicit irqsave_guard(Lock &lock) noexcept
		KTHREAD_ACQUIRE(lock) KTHREAD_UNCHECKED : lock_(lock),
							  flags_(lock.lock_irqsave())
	{
	}
	irqsave_guard(const irqsave_guard &) = delete;
	irqsave_guard &operator=(const irqsave_guard &) = delete;
	// Gives the lock back.
	~irqsave_guard() KTHREAD_RELEASE() KTHREAD_UNCHECKED { lock_.unlock_irqrestore(flags_); }

private:
	friend class condition_variable;
	template <class T, class L, template <class> class Guard>
	friend class guarded;

	// Not for others: the destructor unlocks in any case.
	void lock() noexcept KTHREAD_ACQUIRE() KTHREAD_UNCHECKED { flags_ = lock_.lock_irqsave(); }
	void unlock() noexcept KTHREAD_RELEASE() KTHREAD_UNCHECKED
	{
		lock_.unlock_irqrestore(flags_);
	}

	Lock &lock_;
	unsigned long flags_;
};

// Holds a spinlock with softirqs off. It must not be used with interrupts off. Context: atomic. Lifetime: the lock is
// held as long as it lives. Wraps spin_lock_bh(), spin_unlock_bh() and their raw forms.
template <class Lock>
class KTHREAD_SCOPED bh_guard
{
public:
	// Takes the lock.
	[[nodiscard]] explicit bh_guard(Lock &lock) noexcept KTHREAD_ACQUIRE(lock) KTHREAD_UNCHECKED
		: lock_(lock)
	{
		lock_.lock_bh();
	}
	bh_guard(const bh_guard &) = delete;
	bh_guard &operator=(const bh_guard &) = delete;
	// Gives the lock back.
	~bh_guard() KTHREAD_RELEASE() KTHREAD_UNCHECKED { lock_.unlock_bh(); }

private:
	friend class condition_variable;
	template <class T, class L, template <class> class Guard>
	friend class guarded;

	// As those of irqsave_guard.
	void lock() noexcept KTHREAD_ACQUIRE() KTHREAD_UNCHECKED { lock_.lock_bh(); }
	void unlock() noexcept KTHREAD_RELEASE() KTHREAD_UNCHECKED { lock_.unlock_bh(); }

	Lock &lock_;
};
} // namespace kthread
