// SPDX-License-Identifier: GPL-2.0
#include <linux/hash.h>
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

#define LIST_BITS 5
static struct list_and_lock {
	void *first;
	raw_spinlock_t lock;
} lists[1 << LIST_BITS] = {
	[0 ...(1 << LIST_BITS) - 1] = {.lock = __RAW_SPIN_LOCK_UNLOCKED(lists.lock)},
};

static_assert(offsetof(struct bridge_list, first) == offsetof(struct list_and_lock, first));
static_assert(offsetof(struct bridge_list, lock) == offsetof(struct list_and_lock, lock));

struct bridge_list *bridge_list_of(const void *address)
{
	return (struct bridge_list *)&lists[hash_ptr(address, LIST_BITS)];
}
