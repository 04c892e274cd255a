// SPDX-License-Identifier: GPL-2.0
//
// Where a function may be called from. Each public function of the library names one of these classes.
// A class allows all that the classes below it allow.
//
//   Context: may sleep.       A thread that may sleep: interrupts and preemption are on, and it holds no
//                             spinlock and no RCU read lock. Debug kernels report other callers, also
//                             when the call would not have slept.
//   Context: the body.        The same, and only the thread that was given the token.
//   Context: a task.          A coroutine on an executor, or a function that it calls. One that sleeps holds
//                             up the other tasks.
//   Context: atomic.          Also with interrupts or preemption off, under a spinlock, and in a softirq.
//                             On PREEMPT_RT not with interrupts or preemption off, as in a hard interrupt
//                             and under a raw spinlock.
//   Context: hard interrupt.  Also there, on each kernel.
//   Context: any.             Also in an NMI.
//
//	int read_cached(int (*read)(), int cached)
//	{
//		kthread::might_sleep();
//		return cached ? cached : read();
//	}
#pragma once

#include <source_location>

#include "bridge/bridge.h"

namespace kthread
{
// Reports a caller that may not sleep, in kernels with CONFIG_DEBUG_ATOMIC_SLEEP. Context: may sleep.
// Wraps might_sleep().
inline void might_sleep()
{
	if constexpr (BRIDGE_DEBUG_ATOMIC_SLEEP)
		bridge_might_sleep();
}

// For the library: the place in the source that makes an object. lockdep has a class for each such place. A
// public function that makes objects takes one as its last parameter, with current() as the default.
class lock_site
{
public:
#if BRIDGE_LOCKDEP && __has_builtin(__builtin_source_location)
	static constexpr lock_site current(const void *place = __builtin_source_location())
	{
		return lock_site(place);
	}
	[[nodiscard]] const void *key() const
	{
		return place_;
	}
	// The function that the place is in, which lockdep shows as the name of the class.
	[[nodiscard]] const char *name() const
	{
		using place = std::source_location::__impl;

		return static_cast<const place *>(place_)->_M_function_name;
	}

private:
	constexpr explicit lock_site(const void *place) : place_(place) {}

	const void *place_;
#else
	static constexpr lock_site current()
	{
		return {};
	}
	// lockdep takes the address of anything static for a key.
	[[nodiscard]] static const void *key()
	{
		static constinit char any;

		return &any;
	}
	[[nodiscard]] static const char *name()
	{
		return "kthread";
	}
#endif
};

// For the library: tells lockdep of code that others wait for, as if that code held a lock. It has no size
// and no code in kernels without CONFIG_LOCKDEP.
class lockdep_map
{
public:
	explicit lockdep_map(lock_site site)
	{
		if constexpr (BRIDGE_LOCKDEP)
			bridge_lockdep_init(&map_, site.key(), site.name());
	}
	// Of the same class. The original may go while the copy is entered.
	lockdep_map(const lockdep_map &other)
	{
		if constexpr (BRIDGE_LOCKDEP)
			bridge_lockdep_copy(&map_, &other.map_);
	}
	lockdep_map &operator=(const lockdep_map &) = delete;

	// The code begins and ends. Context: atomic. Wrap lock_map_acquire(), lock_map_release().
	void enter()
	{
		if constexpr (BRIDGE_LOCKDEP)
			bridge_lockdep_enter(&map_);
	}
	void leave()
	{
		if constexpr (BRIDGE_LOCKDEP)
			bridge_lockdep_leave(&map_);
	}

	// The caller is about to wait for the code. Context: may sleep.
	void wait()
	{
		might_sleep();
		if constexpr (BRIDGE_LOCKDEP)
			bridge_lockdep_wait(&map_);
	}

	bridge_lockdep_map *get() { return &map_; }

private:
	bridge_lockdep_map map_;
};
} // namespace kthread
