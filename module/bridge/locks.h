/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's locks and waits. As in bridge.h, what the kernel exports as a function is called
 * directly, and the C file beside this one compares the prototypes. Which calls are functions
 * differs between kernels: bridge_sizes.h has a BRIDGE_HAS_… for each of this kernel. The C++
 * names are in a namespace of their own, as they would hide kthread::mutex and its like.
 */
#ifndef KTHREADXX_BRIDGE_LOCKS_H
#define KTHREADXX_BRIDGE_LOCKS_H

#include "bridge.h"

/* C++ code may pass one that it got from C. */
struct wait_queue_head;

/* C code calls a function of C++, whose type kCFI compares: in a namespace it would be another. */
struct bridge_wait_call {
	BRIDGE_STORAGE(WAIT_ENTRY);
	void (*call)(struct bridge_wait_call *self);
};

#ifdef __cplusplus
namespace kthread::native
{
extern "C" {
#endif

struct completion;
struct mutex;
struct raw_spinlock;
struct rw_semaphore;
struct spinlock;
struct swait_queue;
struct swait_queue_head;
struct wait_queue_entry;

/*
 * struct mutex. May sleep, but mutex_trylock() and mutex_unlock(), which do not; none in an
 * interrupt. The forms that a signal ends give -EINTR.
 */
#if BRIDGE_DEBUG_LOCK_ALLOC
void mutex_lock_nested(struct mutex *lock, unsigned int subclass);
int mutex_lock_interruptible_nested(struct mutex *lock, unsigned int subclass);
int bridge_mutex_lock_killable(struct mutex *lock);
#else
void mutex_lock(struct mutex *lock);
int mutex_lock_interruptible(struct mutex *lock);
int mutex_lock_killable(struct mutex *lock);
#endif
#ifdef BRIDGE_HAS_mutex_trylock
int mutex_trylock(struct mutex *lock);
#else
int bridge_mutex_trylock(struct mutex *lock);
#endif
void mutex_unlock(struct mutex *lock);

/* struct rw_semaphore, likewise. */
void down_read(struct rw_semaphore *sem);
int down_read_interruptible(struct rw_semaphore *sem);
int down_read_killable(struct rw_semaphore *sem);
int down_read_trylock(struct rw_semaphore *sem);
void up_read(struct rw_semaphore *sem);
void down_write(struct rw_semaphore *sem);
int down_write_killable(struct rw_semaphore *sem);
int down_write_trylock(struct rw_semaphore *sem);
void up_write(struct rw_semaphore *sem);
void downgrade_write(struct rw_semaphore *sem);
#if BRIDGE_DEBUG_LOCK_ALLOC
void down_read_nested(struct rw_semaphore *sem, int subclass);
void down_write_nested(struct rw_semaphore *sem, int subclass);
#endif

/* raw_spinlock_t. Context: hard interrupt. */
#ifdef BRIDGE_HAS__raw_spin_lock
void _raw_spin_lock(struct raw_spinlock *lock);
#else
void bridge_raw_spin_lock(struct raw_spinlock *lock);
#endif
#ifdef BRIDGE_HAS__raw_spin_unlock
void _raw_spin_unlock(struct raw_spinlock *lock);
#else
void bridge_raw_spin_unlock(struct raw_spinlock *lock);
#endif
#ifdef BRIDGE_HAS__raw_spin_trylock
int _raw_spin_trylock(struct raw_spinlock *lock);
#else
int bridge_raw_spin_trylock(struct raw_spinlock *lock);
#endif
#ifdef BRIDGE_HAS__raw_spin_lock_irqsave
unsigned long _raw_spin_lock_irqsave(struct raw_spinlock *lock);
#else
unsigned long bridge_raw_spin_lock_irqsave(struct raw_spinlock *lock);
#endif
#ifdef BRIDGE_HAS__raw_spin_unlock_irqrestore
void _raw_spin_unlock_irqrestore(struct raw_spinlock *lock, unsigned long flags);
#else
void bridge_raw_spin_unlock_irqrestore(struct raw_spinlock *lock, unsigned long flags);
#endif
#ifdef BRIDGE_HAS__raw_spin_lock_bh
void _raw_spin_lock_bh(struct raw_spinlock *lock);
#else
void bridge_raw_spin_lock_bh(struct raw_spinlock *lock);
#endif
#ifdef BRIDGE_HAS__raw_spin_unlock_bh
void _raw_spin_unlock_bh(struct raw_spinlock *lock);
#else
void bridge_raw_spin_unlock_bh(struct raw_spinlock *lock);
#endif
#if BRIDGE_DEBUG_LOCK_ALLOC && defined(BRIDGE_HAS__raw_spin_lock)
void _raw_spin_lock_nested(struct raw_spinlock *lock, int subclass);
#endif

/*
 * spinlock_t, where it is more than a raw_spinlock_t: on PREEMPT_RT, where it sleeps. Context:
 * atomic.
 */
#if BRIDGE_PREEMPT_RT
void rt_spin_lock(struct spinlock *lock);
void rt_spin_unlock(struct spinlock *lock);
int rt_spin_trylock(struct spinlock *lock);
void bridge_spin_lock_bh(struct spinlock *lock);
void bridge_spin_unlock_bh(struct spinlock *lock);
#if BRIDGE_DEBUG_LOCK_ALLOC
void rt_spin_lock_nested(struct spinlock *lock, int subclass);
#endif
#endif

/*
 * struct completion. complete() and try_wait_for_completion(): context: hard interrupt.
 * complete_all(): the same, but on PREEMPT_RT in a thread.
 */
void complete(struct completion *done);
void complete_all(struct completion *done);
bool try_wait_for_completion(struct completion *done);
bool completion_done(struct completion *done);
void wait_for_completion(struct completion *done);

/*
 * struct swait_queue_head, whose waiters are on the stack. The caller sets bridge_swait_begin(),
 * then for each sleep: prepare_to_swait_exclusive(), the test of what it waits for, the sleep, and
 * at last bridge_swait_end().
 *
 * bridge_swait_end - leave the queue: true if a wake-up has taken the waiter out
 * bridge_swait_wake_all - for each of the queue. Context: hard interrupt
 * bridge_signal_pending - whether a signal ends a sleep in this state
 */
void prepare_to_swait_exclusive(struct swait_queue_head *queue, struct swait_queue *waiter,
				int state);
void swake_up_one(struct swait_queue_head *queue);
struct bridge_swait {
	BRIDGE_STORAGE(SWAIT);
};

void bridge_swait_begin(struct swait_queue *waiter);
bool bridge_swait_end(struct swait_queue_head *queue, struct swait_queue *waiter);
void bridge_swait_wake_all(struct swait_queue_head *queue);
bool bridge_signal_pending(unsigned int state);

/*
 * struct wait_queue_head, of C code. As with swait queues, each sleep begins by prepare_to_wait()
 * and ends by finish_wait(). Context: may sleep; bridge_wake_up_all(): atomic.
 *
 * bridge_wait_entry_init - an entry of the caller, which each wake-up of the queue wakes, whatever
 * state the waker looks for
 * bridge_wait_entry_calls - an entry by which each wake-up of the queue calls a function, with the
 * queue's lock held. remove_wait_queue() waits for that lock. Context: atomic, also of the next two
 */
struct bridge_wait_entry {
	BRIDGE_STORAGE(WAIT_ENTRY);
};

void bridge_wait_entry_init(struct bridge_wait_entry *entry);
void prepare_to_wait(struct wait_queue_head *queue, struct wait_queue_entry *entry, int state);
void finish_wait(struct wait_queue_head *queue, struct wait_queue_entry *entry);
void bridge_wait_entry_calls(struct bridge_wait_call *entry,
			     void (*call)(struct bridge_wait_call *self));
void add_wait_queue(struct wait_queue_head *queue, struct wait_queue_entry *entry);
void remove_wait_queue(struct wait_queue_head *queue, struct wait_queue_entry *entry);
void bridge_wake_up_all(struct wait_queue_head *queue);

/*
 * Signals of the calling kernel thread. Any context that is a thread. Wrap allow_signal(),
 * disallow_signal(), signal_pending(), flush_signals().
 */
void bridge_allow_signal(int signal);
void bridge_disallow_signal(int signal);
bool bridge_has_signal(void);
void bridge_flush_signals(void);

/*
 * bridge_memalloc_save - what allocations of the caller may not do from now on, by a flag of
 * sizes.c; bridge_memalloc_restore() takes what it returns. Wrap memalloc_noio_save() and its like.
 */
unsigned int bridge_memalloc_save(unsigned int flag);
void bridge_memalloc_restore(unsigned int flag, unsigned int before);

/*
 * RCU. Context: any; the second pair waits, and may sleep. Wrap rcu_read_lock(),
 * rcu_read_unlock(), synchronize_rcu(), rcu_barrier().
 */
void bridge_rcu_read_lock(void);
void bridge_rcu_read_unlock(void);
bool bridge_rcu_read_lock_held(void);
void synchronize_rcu(void);
void rcu_barrier(void);

/*
 * bridge_interrupts_off - turns the interrupts of this CPU off. synchronize_rcu() waits for the
 * bridge_interrupts_restore(), which takes what this returns. Context: any. Wrap local_irq_save(),
 * local_irq_restore().
 */
unsigned long bridge_interrupts_off(void);
void bridge_interrupts_restore(unsigned long before);

/*
 * bridge_warn_linked - report an element of a list that is destroyed, or added, while it is in one
 *
 * Context: any. Wraps WARN().
 */
void bridge_warn_linked(const void *element);

#ifdef __cplusplus
}

} /* namespace kthread::native */
#endif

#endif
