/* SPDX-License-Identifier: GPL-2.0 */
/* The raw spinlock of bridge.h, for the C files that take it. Include it after bridge.h. */
#ifndef KTHREADXX_BRIDGE_RAW_LOCK_H
#define KTHREADXX_BRIDGE_RAW_LOCK_H

#include <linux/spinlock.h>

static inline raw_spinlock_t *lock_of(struct bridge_lock *lock)
{
	return (raw_spinlock_t *)lock->storage;
}

/*
 * These inline the kernel's functions. A kernel that checks its locks does not export all that they
 * call, and its lockdep learns less of a lock that is tried, so it gets the ordinary functions.
 */
#if defined(CONFIG_SMP) && !defined(CONFIG_GENERIC_LOCKBREAK) && !defined(CONFIG_DEBUG_SPINLOCK)
#define RAW_LOCK_ACQUIRE(lock, flags) ((flags) = __raw_spin_lock_irqsave(lock))
#define RAW_LOCK_ACQUIRE_IRQ(lock) __raw_spin_lock_irq(lock)
#define RAW_LOCK_RELEASE(lock, flags) __raw_spin_unlock_irqrestore(lock, flags)
#define RAW_LOCK_RELEASE_IRQ(lock) __raw_spin_unlock_irq(lock)
#define RAW_LOCK_TRY(lock, flags)                                                                  \
	({                                                                                         \
		bool acquired = true;                                                              \
		local_irq_save(flags);                                                             \
		if (likely(__raw_spin_trylock(lock))) {                                            \
			__acquire(lock);                                                           \
		} else {                                                                           \
			local_irq_restore(flags);                                                  \
			acquired = false;                                                          \
		}                                                                                  \
		acquired;                                                                          \
	})
#else
#define RAW_LOCK_ACQUIRE(lock, flags) raw_spin_lock_irqsave(lock, flags)
#define RAW_LOCK_ACQUIRE_IRQ(lock) raw_spin_lock_irq(lock)
#define RAW_LOCK_RELEASE(lock, flags) raw_spin_unlock_irqrestore(lock, flags)
#define RAW_LOCK_RELEASE_IRQ(lock) raw_spin_unlock_irq(lock)
#define RAW_LOCK_TRY(lock, flags)                                                                  \
	({                                                                                         \
		raw_spin_lock_irqsave(lock, flags);                                                \
		true;                                                                              \
	})
#endif

/* The compiler takes "inline" for a hint. */
#define WITHOUT_CALLS __attribute__((flatten))

#endif
