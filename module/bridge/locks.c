// SPDX-License-Identifier: GPL-2.0
#include <linux/bug.h>
#include <linux/completion.h>
#include <linux/hrtimer.h>
#include <linux/irqflags.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/sched/signal.h>
#include <linux/spinlock.h>
#include <linux/swait.h>
#include <linux/wait.h>

#include "flags.h"
#include "locks.h"

/* It is a macro then, of another function in newer kernels. */
#ifdef CONFIG_DEBUG_LOCK_ALLOC
int bridge_mutex_lock_killable(struct mutex *lock)
{
	return mutex_lock_killable(lock);
}
#endif

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

/* C code wakes by wake_up_interruptible(), too, and the waiter may sleep in TASK_IDLE. */
static int wake_in_any_state(struct wait_queue_entry *entry, unsigned int mode, int flags,
			     void *key)
{
	return default_wake_function(entry, TASK_NORMAL, flags, key);
}

void bridge_wait_entry_init(struct bridge_wait_entry *entry)
{
	struct wait_queue_entry *native = (struct wait_queue_entry *)entry->storage;

	init_wait(native);
	native->func = wake_in_any_state;
}

void bridge_wake_up_all(struct wait_queue_head *queue)
{
	wake_up_all(queue);
}

void bridge_allow_signal(int signal)
{
	if (bridge_is_signal(signal))
		allow_signal(signal);
}

void bridge_disallow_signal(int signal)
{
	if (bridge_is_signal(signal))
		disallow_signal(signal);
}

bool bridge_has_signal(void)
{
	return signal_pending(current);
}

void bridge_flush_signals(void)
{
	flush_signals(current);
}

/* By the flag and not by the kernel's functions, of which some are newer than others. */
unsigned int bridge_memalloc_save(unsigned int flag)
{
	unsigned int before = current->flags & flag;

	change_flags(0, flag);
	return before;
}

void bridge_memalloc_restore(unsigned int flag, unsigned int before)
{
	change_flags(flag, before);
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

unsigned long bridge_interrupts_off(void)
{
	unsigned long before;

	local_irq_save(before);
	return before;
}

void bridge_interrupts_restore(unsigned long before)
{
	local_irq_restore(before);
}

void bridge_warn_linked(const void *element)
{
	WARN(1, "kthread: %p is in a list already, or destroyed while it is in one", element);
}

static int call_instead(struct wait_queue_entry *entry, unsigned int mode, int flags, void *key)
{
	struct bridge_wait_call *self = (struct bridge_wait_call *)entry;

	self->call(self);
	return 0;
}

void bridge_wait_entry_calls(struct bridge_wait_call *entry,
			     void (*call)(struct bridge_wait_call *self))
{
	static_assert(offsetof(struct bridge_wait_call, storage) == 0);

	init_waitqueue_func_entry((struct wait_queue_entry *)entry->storage, call_instead);
	entry->call = call;
}
