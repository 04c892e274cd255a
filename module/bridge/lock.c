// SPDX-License-Identifier: GPL-2.0
#include <linux/hrtimer.h>
#include <linux/spinlock.h>

#include "bridge.h"

static raw_spinlock_t *lock_of(struct bridge_lock *lock)
{
	return (raw_spinlock_t *)lock->storage;
}

void bridge_lock_init(struct bridge_lock *lock)
{
	raw_spin_lock_init(lock_of(lock));
	/* lockdep takes no new class while the module goes, when the worker may come here first. */
	if (IS_ENABLED(CONFIG_LOCKDEP))
		bridge_lock_release(lock, bridge_lock_acquire(lock));
}

unsigned long bridge_lock_acquire(struct bridge_lock *lock) __acquires(lock)
{
	unsigned long flags;

	raw_spin_lock_irqsave(lock_of(lock), flags);
	return flags;
}

void bridge_lock_release(struct bridge_lock *lock, unsigned long flags) __releases(lock)
{
	raw_spin_unlock_irqrestore(lock_of(lock), flags);
}

void bridge_lock_acquire_irq(struct bridge_lock *lock) __acquires(lock)
{
	raw_spin_lock_irq(lock_of(lock));
}

void bridge_lock_release_irq(struct bridge_lock *lock) __releases(lock)
{
	raw_spin_unlock_irq(lock_of(lock));
}
