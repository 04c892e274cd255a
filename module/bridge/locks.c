// SPDX-License-Identifier: GPL-2.0
#include <linux/bug.h>
#include <linux/completion.h>
#include <linux/hrtimer.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/sched/signal.h>
#include <linux/spinlock.h>
#include <linux/swait.h>

#include "locks.h"

#ifndef BRIDGE_HAS_mutex_trylock
int bridge_mutex_trylock(struct mutex *lock)
{
	return mutex_trylock(lock);
}
#endif

#ifndef BRIDGE_HAS__raw_spin_lock
void bridge_raw_spin_lock(struct raw_spinlock *lock)
{
	raw_spin_lock(lock);
}
#endif

#ifndef BRIDGE_HAS__raw_spin_unlock
void bridge_raw_spin_unlock(struct raw_spinlock *lock)
{
	raw_spin_unlock(lock);
}
#endif

#ifndef BRIDGE_HAS__raw_spin_trylock
int bridge_raw_spin_trylock(struct raw_spinlock *lock)
{
	return raw_spin_trylock(lock);
}
#endif

#ifndef BRIDGE_HAS__raw_spin_lock_irqsave
unsigned long bridge_raw_spin_lock_irqsave(struct raw_spinlock *lock)
{
	unsigned long flags;

	raw_spin_lock_irqsave(lock, flags);
	return flags;
}
#endif

#ifndef BRIDGE_HAS__raw_spin_unlock_irqrestore
void bridge_raw_spin_unlock_irqrestore(struct raw_spinlock *lock, unsigned long flags)
{
	raw_spin_unlock_irqrestore(lock, flags);
}
#endif

#ifndef BRIDGE_HAS__raw_spin_lock_bh
void bridge_raw_spin_lock_bh(struct raw_spinlock *lock)
{
	raw_spin_lock_bh(lock);
}
#endif

#ifndef BRIDGE_HAS__raw_spin_unlock_bh
void bridge_raw_spin_unlock_bh(struct raw_spinlock *lock)
{
	raw_spin_unlock_bh(lock);
}
#endif

#ifdef CONFIG_PREEMPT_RT
void bridge_spin_lock_bh(struct spinlock *lock)
{
	spin_lock_bh(lock);
}

void bridge_spin_unlock_bh(struct spinlock *lock)
{
	spin_unlock_bh(lock);
}
#else
/* C++ takes the one for the other. */
static_assert(sizeof(spinlock_t) == sizeof(raw_spinlock_t));
static_assert(offsetof(spinlock_t, rlock) == 0);
#endif

void bridge_swait_begin(struct swait_queue *waiter)
{
	waiter->task = current;
	INIT_LIST_HEAD(&waiter->task_list);
}

bool bridge_swait_end(struct swait_queue_head *queue, struct swait_queue *waiter)
{
	unsigned long flags;
	bool woken;

	__set_current_state(TASK_RUNNING);
	/* As in finish_swait(): a wake-up that has taken it out does not touch it any more. */
	if (list_empty_careful(&waiter->task_list))
		return true;
	raw_spin_lock_irqsave(&queue->lock, flags);
	woken = list_empty(&waiter->task_list);
	list_del_init(&waiter->task_list);
	raw_spin_unlock_irqrestore(&queue->lock, flags);
	return woken;
}

/* Not by swake_up_all(), which turns interrupts on, and not with the lock dropped in between. */
void bridge_swait_wake_all(struct swait_queue_head *queue)
{
	struct swait_queue *waiter, *next;
	unsigned long flags;

	raw_spin_lock_irqsave(&queue->lock, flags);
	list_for_each_entry_safe(waiter, next, &queue->task_list, task_list) {
		wake_up_process(waiter->task);
		list_del_init(&waiter->task_list);
	}
	raw_spin_unlock_irqrestore(&queue->lock, flags);
}

bool bridge_signal_pending(unsigned int state)
{
	return signal_pending_state(state, current);
}

/* sparse counts in each function by itself. */
void bridge_rcu_read_lock(void)
{
	rcu_read_lock();
	__release(RCU);
}

void bridge_rcu_read_unlock(void)
{
	__acquire(RCU);
	rcu_read_unlock();
}

bool bridge_rcu_read_lock_held(void)
{
	return rcu_read_lock_held();
}

void bridge_warn_linked(const void *element)
{
	WARN(1, "kthread: %p is in a list already, or destroyed while it is in one", element);
}
