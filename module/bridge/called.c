// SPDX-License-Identifier: GPL-2.0
/*
 * The end of timers and items, which the kernel calls, when the module goes, and their lock.
 */
#include <linux/hrtimer.h>
#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

#include "module.h"
#include "raw_lock.h"
#include "workqueue.h"

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

/* Timers, and others that interrupts call. They end after the items, which may wait for them. */
static LIST_HEAD(in_interrupts);
static LIST_HEAD(cancelled);
bool bridge_module_is_over;
/* left_behind() looks at an item under the lock alone, as the item may destroy itself. */
static bool is_polled;
/* Whether something has ever destroyed itself in its call. */
static bool has_run_on;

static __cold void end_called(void)
{
	/* An item that runs may wait for others, so all are called until the first pass is over. */
	bridge_leave_behind(&bridge_called_asked, &cancelled, BRIDGE_STOP);
	bridge_leave_behind(&bridge_called, &cancelled, BRIDGE_STOP);
	bridge_leave_behind(&in_interrupts, &cancelled, BRIDGE_STOP);
	WRITE_ONCE(bridge_module_is_over, true);
	/* An item that ran may have started others, and made some. */
	bridge_leave_behind(&cancelled, &bridge_called_ended, BRIDGE_STOP);
	bridge_leave_behind(&bridge_called, &bridge_called_ended, BRIDGE_STOP);
	bridge_leave_behind(&in_interrupts, &bridge_called_ended, BRIDGE_STOP);
	/* It returns to the kernel without a sleep. */
	if (has_run_on)
		synchronize_rcu_tasks();
	has_run_on = false;
}

__cold void bridge_module_add_called(struct bridge_link *link, bool may_sleep,
				     void (*left_behind)(struct bridge_link *link,
							 enum bridge_end how))
{
	WRITE_ONCE(bridge_end_called, end_called);
	bridge_add_to(may_sleep ? &bridge_called : &in_interrupts, link, may_sleep, left_behind);
}

__cold void bridge_module_remove_polled(struct bridge_link *link)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&bridge_owned_lock, flags);
	bridge_take_out(link);
	raw_spin_unlock_irqrestore(&bridge_owned_lock, flags);
}

static __cold bool try_remove_running(struct bridge_link *link)
{
	bool is_free;

	raw_spin_lock_irq(&bridge_owned_lock);
	is_free = bridge_stopping != link || is_polled;
	if (is_free) {
		bridge_take_out(link);
		has_run_on = true;
	}
	raw_spin_unlock_irq(&bridge_owned_lock);
	return is_free;
}

__cold void bridge_module_remove_running(struct bridge_link *link)
{
	while (!try_remove_running(link))
		schedule_timeout_uninterruptible(1);
}

__cold bool bridge_module_poll(struct bridge_link *link,
			       bool (*has_ended)(struct bridge_link *link))
{
	bool is_there;

	for (;;) {
		raw_spin_lock_irq(&bridge_owned_lock);
		is_there = bridge_stopping == link;
		is_polled = is_there && !has_ended(link);
		raw_spin_unlock_irq(&bridge_owned_lock);
		if (!is_polled)
			return is_there;
		schedule_timeout_uninterruptible(1);
	}
}
