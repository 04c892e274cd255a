// SPDX-License-Identifier: GPL-2.0
#include <linux/hash.h>
#include <linux/hrtimer.h>
#include <linux/spinlock.h>

#include "bridge.h"

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
