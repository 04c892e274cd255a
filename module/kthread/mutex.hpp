// SPDX-License-Identifier: GPL-2.0
//
// The kernel's sleeping locks, under the standard's names. They are held by std::lock_guard,
// std::unique_lock, std::scoped_lock and std::shared_lock, which this header has as well.
//
//	constinit kthread::mutex users_lock{"users"_lock};
//	int users KTHREAD_GUARDED_BY(users_lock);
//
//	int add_user()
//	{
//		const std::lock_guard held(users_lock);
//
//		return ++users;
//	}
//
// Each is of the kernel's size, needs no constructor at run time and no destructor, and may be static, a
// member, on the heap and on the stack. lockdep knows it by its name: all of one name and type are a class.
#pragma once

#include <cxxrt/lock_guards.hpp>

#include "kthread/context.hpp"
#include "kthread/errno.hpp"
#include "kthread/kernel_object.hpp"
#include "kthread/thread_safety.hpp"

namespace kthread
{
// A lock that one thread at a time holds, which may sleep meanwhile. Context: may sleep; try_lock() and unlock()
// do not. Lifetime: until the last holder's unlock() has returned. Wraps struct mutex.
class KTHREAD_CAPABILITY("mutex") mutex : kernel_object<mutex_image, BRIDGE_MUTEX_ALIGN>
{
public:
	template <fixed_string Name>
	constexpr explicit mutex(lock_class<Name> name) noexcept : kernel_object(name)
	{
	}

	// Takes the lock. Wraps mutex_lock().
	void lock() noexcept KTHREAD_ACQUIRE() KTHREAD_UNCHECKED { lock_nested(0); }
	// Takes the lock if it is free. Wraps mutex_trylock().
	[[nodiscard]] bool try_lock() noexcept KTHREAD_TRY_ACQUIRE(true) KTHREAD_UNCHECKED
	{
#ifdef BRIDGE_HAS_mutex_trylock
		return native::mutex_trylock(native_handle());
#else
		return native::bridge_mutex_trylock(native_handle());
#endif
	}
	// Gives the lock back. Wraps mutex_unlock().
	void unlock() noexcept KTHREAD_RELEASE() KTHREAD_UNCHECKED
	{
		native::mutex_unlock(native_handle());
	}

	// Takes a second lock of a class, whose order to the first is known, such as parent before child. lockdep
	// keeps each subclass apart, up to 7. Wraps mutex_lock_nested().
	void lock_nested([[maybe_unused]] unsigned int subclass) noexcept
		KTHREAD_ACQUIRE() KTHREAD_UNCHECKED
	{
#if BRIDGE_DEBUG_LOCK_ALLOC
		native::mutex_lock_nested(native_handle(), subclass);
#else
		native::mutex_lock(native_handle());
#endif
	}

	// Take the lock for a process in a system call. Any signal ends the wait of lock_interruptible(), a
	// fatal one that of lock_killable(): they return false then, without the lock.
	// Wrap mutex_lock_interruptible(), mutex_lock_killable().
	[[nodiscard]] bool lock_interruptible() noexcept KTHREAD_TRY_ACQUIRE(true) KTHREAD_UNCHECKED
	{
#if BRIDGE_DEBUG_LOCK_ALLOC
		return !native::mutex_lock_interruptible_nested(native_handle(), 0);
#else
		return !native::mutex_lock_interruptible(native_handle());
#endif
	}
	[[nodiscard]] bool lock_killable() noexcept KTHREAD_TRY_ACQUIRE(true) KTHREAD_UNCHECKED
	{
#if BRIDGE_DEBUG_LOCK_ALLOC
		return !native::bridge_mutex_lock_killable(native_handle());
#else
		return !native::mutex_lock_killable(native_handle());
#endif
	}

	// The struct mutex, for C.
	using native_handle_type = native::mutex *;
	native_handle_type native_handle() noexcept
	{
		return as<native::mutex>();
	}
};
static_assert(sizeof(mutex) == BRIDGE_MUTEX_SIZE && alignof(mutex) == BRIDGE_MUTEX_ALIGN);

// A lock that one writer holds, or many readers. Context: may sleep; try_lock() and unlock() and their likes for
// readers do not. Lifetime: until the last holder's unlock has returned. Wraps struct rw_semaphore.
class KTHREAD_CAPABILITY("shared_mutex") shared_mutex
	: kernel_object<rwsem_image, BRIDGE_RWSEM_ALIGN>
{
public:
	template <fixed_string Name>
	constexpr explicit shared_mutex(lock_class<Name> name) noexcept : kernel_object(name)
	{
	}

	// Take and give back the lock for writing.
	// Wrap down_write(), down_write_trylock(), down_write_killable(), up_write().
	void lock() noexcept KTHREAD_ACQUIRE() KTHREAD_UNCHECKED
	{
		native::down_write(native_handle());
	}
	[[nodiscard]] bool try_lock() noexcept KTHREAD_TRY_ACQUIRE(true) KTHREAD_UNCHECKED
	{
		return native::down_write_trylock(native_handle());
	}
	[[nodiscard]] bool lock_killable() noexcept KTHREAD_TRY_ACQUIRE(true) KTHREAD_UNCHECKED
	{
		return !native::down_write_killable(native_handle());
	}
	void unlock() noexcept KTHREAD_RELEASE() KTHREAD_UNCHECKED
	{
		native::up_write(native_handle());
	}

	// These take and give back the lock for reading.
	// Wrap down_read(), down_read_trylock(), down_read_interruptible(), down_read_killable(), up_read().
	void lock_shared() noexcept KTHREAD_ACQUIRE_SHARED() KTHREAD_UNCHECKED
	{
		native::down_read(native_handle());
	}
	[[nodiscard]] bool try_lock_shared() noexcept
		KTHREAD_TRY_ACQUIRE_SHARED(true) KTHREAD_UNCHECKED
	{
		return native::down_read_trylock(native_handle());
	}
	[[nodiscard]] bool lock_shared_interruptible() noexcept
		KTHREAD_TRY_ACQUIRE_SHARED(true) KTHREAD_UNCHECKED
	{
		return !native::down_read_interruptible(native_handle());
	}
	[[nodiscard]] bool lock_shared_killable() noexcept
		KTHREAD_TRY_ACQUIRE_SHARED(true) KTHREAD_UNCHECKED
	{
		return !native::down_read_killable(native_handle());
	}
	void unlock_shared() noexcept KTHREAD_RELEASE_SHARED() KTHREAD_UNCHECKED
	{
		native::up_read(native_handle());
	}

	// Makes the writer a reader; no other writer comes in between. Wraps downgrade_write().
	void downgrade() noexcept KTHREAD_UNCHECKED { native::downgrade_write(native_handle()); }

	// Do what mutex::lock_nested() does. Wrap down_write_nested(), down_read_nested().
	void lock_nested([[maybe_unused]] int subclass) noexcept KTHREAD_ACQUIRE() KTHREAD_UNCHECKED
	{
#if BRIDGE_DEBUG_LOCK_ALLOC
		native::down_write_nested(native_handle(), subclass);
#else
		native::down_write(native_handle());
#endif
	}
	void lock_shared_nested([[maybe_unused]] int subclass) noexcept
		KTHREAD_ACQUIRE_SHARED() KTHREAD_UNCHECKED
	{
#if BRIDGE_DEBUG_LOCK_ALLOC
		native::down_read_nested(native_handle(), subclass);
#else
		native::down_read(native_handle());
#endif
	}

	// The struct rw_semaphore, for C.
	using native_handle_type = native::rw_semaphore *;
	native_handle_type native_handle() noexcept
	{
		return as<native::rw_semaphore>();
	}
};
static_assert(sizeof(shared_mutex) == BRIDGE_RWSEM_SIZE &&
	      alignof(shared_mutex) == BRIDGE_RWSEM_ALIGN);
} // namespace kthread
