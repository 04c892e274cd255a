// SPDX-License-Identifier: GPL-2.0
#include <linux/hrtimer.h>
#include <linux/spinlock.h>

#include "bridge.h"
#include "raw_lock.h"

void bridge_lock_init(struct bridge_lock *lock)
{
	raw_spin_lock_init(lock_of(lock));
	/* lockdep takes no new class while the module goes, when the worker may come here first. */
	if (IS_ENABLED(CONFIG_LOCKDEP))
		bridge_lock_release(lock, bridge_lock_acquire(lock));
}

WITHOUT_CALLS unsigned long bridge_lock_acquire(struct bridge_lock *lock) __acquires(lock)
{
	unsigned long flags;

	RAW_LOCK_ACQUIRE(lock_of(lock), flags);
	return flags;
}

WITHOUT_CALLS void bridge_lock_release(struct bridge_lock *lock, unsigned long flags)
	__releases(lock)
{
	RAW_LOCK_RELEASE(lock_of(lock), flags);
}

WITHOUT_CALLS void bridge_lock_acquire_irq(struct bridge_lock *lock) __acquires(lock)
{
	RAW_LOCK_ACQUIRE_IRQ(lock_of(lock));
}

WITHOUT_CALLS void bridge_lock_release_irq(struct bridge_lock *lock) __releases(lock)
{
	RAW_LOCK_RELEASE_IRQ(lock_of(lock));
}
