// SPDX-License-Identifier: GPL-2.0
#include <linux/freezer.h>
#include <linux/hash.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/nodemask.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/spinlock.h>
#include <linux/swait.h>

#include "flags.h"
#include "module.h"

static_assert(BRIDGE_NO_NODE == NUMA_NO_NODE);
static_assert((int)BRIDGE_TIMER_ABSOLUTE == (int)HRTIMER_MODE_ABS);
static_assert(BRIDGE_MAX_ERRNO == MAX_ERRNO);

__cold void bridge_get_task(struct task_struct *task)
{
	get_task_struct(task);
}

__cold void bridge_put_task(struct task_struct *task)
{
	put_task_struct(task);
}

int bridge_task_pid(const struct task_struct *task)
{
	return task->pid;
}

const char *bridge_task_comm(const struct task_struct *task)
{
	return task->comm;
}

struct task_struct *bridge_current(void)
{
	return current;
}

void *bridge_thread_data(int (*function)(void *data))
{
	return kthread_func(current) == function ? kthread_data(current) : NULL;
}

__cold bool bridge_node_is_valid(int node)
{
	return node == NUMA_NO_NODE || (node >= 0 && node < MAX_NUMNODES && node_online(node));
}

__cold void bridge_unbind(void)
{
	change_flags(PF_NO_SETAFFINITY, 0);
}

void bridge_might_sleep(void)
{
	might_sleep();
}

/*
 * In which a body sleeps. The waits for another thread or an item are in no state that freezes:
 * whoever waits may have locks, which those take that suspend devices. The map of a body counts as
 * a lock, with which no thread may be frozen. A thread that has no other lock may be.
 */
static unsigned int idle_state(bool freezes)
{
	if (!freezes)
		return TASK_IDLE;
#ifdef CONFIG_LOCKDEP
	if (current->lockdep_depth <= 1)
		return TASK_IDLE | TASK_FREEZABLE_UNSAFE;
#endif
	return TASK_IDLE | TASK_FREEZABLE;
}

void bridge_idle(bool freezes)
{
	if (IS_ENABLED(CONFIG_DEBUG_ATOMIC_SLEEP))
		might_sleep();
	set_current_state(idle_state(freezes));
}

void bridge_awake(void)
{
	__set_current_state(TASK_RUNNING);
}

/*
 * A few queues for all addresses, as the kernel has for wake_up_var(), which sleeps on
 * PREEMPT_RT.
 */
#define QUEUE_BITS 4
#define QUEUE(n) __SWAIT_QUEUE_HEAD_INITIALIZER(queues[n])
static struct swait_queue_head queues[1 << QUEUE_BITS] = {
	QUEUE(0), QUEUE(1), QUEUE(2),  QUEUE(3),  QUEUE(4),  QUEUE(5),  QUEUE(6),  QUEUE(7),
	QUEUE(8), QUEUE(9), QUEUE(10), QUEUE(11), QUEUE(12), QUEUE(13), QUEUE(14), QUEUE(15),
};

#ifdef CONFIG_LOCKDEP
void bridge_show_queues_to_lockdep(void)
{
	unsigned long flags;
	int i;

	for (i = 0; i < ARRAY_SIZE(queues); i++) {
		raw_spin_lock_irqsave(&queues[i].lock, flags);
		raw_spin_unlock_irqrestore(&queues[i].lock, flags);
	}
}
#endif

static noinline __cold struct swait_queue_head *queue_of(const void *address)
{
	return &queues[hash_ptr(address, QUEUE_BITS)];
}

static struct swait_queue *entry_of(struct bridge_waiter *waiter)
{
	return (struct swait_queue *)waiter->storage;
}

static_assert(offsetof(struct bridge_waiter, storage) == 0);

__cold void bridge_wait_begin(struct bridge_waiter *waiter, const void *address)
{
	struct swait_queue *entry = entry_of(waiter);

	entry->task = current;
	INIT_LIST_HEAD(&entry->task_list);
	waiter->address = address;
}

static unsigned int state_of(enum bridge_sleep how)
{
	if (how == BRIDGE_WAITS)
		return TASK_UNINTERRUPTIBLE;
	return idle_state(how == BRIDGE_FREEZES);
}

__cold void bridge_wait_prepare(struct bridge_waiter *waiter, enum bridge_sleep how)
{
	if (IS_ENABLED(CONFIG_DEBUG_ATOMIC_SLEEP))
		might_sleep();
	prepare_to_swait_event(queue_of(waiter->address), entry_of(waiter), state_of(how));
}

__cold void bridge_wait_besides(struct bridge_waiter *waiter, const void *address)
{
	struct swait_queue_head *queue = queue_of(address);

	bridge_wait_begin(waiter, address);
	raw_spin_lock_irq(&queue->lock);
	list_add_tail(&entry_of(waiter)->task_list, &queue->task_list);
	raw_spin_unlock_irq(&queue->lock);
}

__cold void bridge_wait_end(struct bridge_waiter *waiter)
{
	finish_swait(queue_of(waiter->address), entry_of(waiter));
}

__cold void bridge_wake_all(const void *address)
{
	struct swait_queue_head *queue = queue_of(address);
	struct swait_queue *entry, *next;
	unsigned long flags;

	/* The change comes before the look at the queue. Pairs with prepare_to_swait_event(). */
	smp_mb();
	if (!swait_active(queue))
		return;
	raw_spin_lock_irqsave(&queue->lock, flags);
	list_for_each_entry_safe(entry, next, &queue->task_list, task_list) {
		if (((struct bridge_waiter *)entry)->address != address)
			continue;
		/* Out of the list, the entry may be gone: finish_swait() then takes no lock. */
		wake_up_process(entry->task);
		list_del_init(&entry->task_list);
	}
	raw_spin_unlock_irqrestore(&queue->lock, flags);
}

static struct mutex *mutex_of(struct bridge_mutex *mutex)
{
	return (struct mutex *)mutex->storage;
}

__cold void bridge_mutex_init(struct bridge_mutex *mutex)
{
	mutex_init(mutex_of(mutex));
}

void bridge_mutex_lock(struct bridge_mutex *mutex)
{
	mutex_lock(mutex_of(mutex));
}

__cold bool bridge_mutex_try_lock(struct bridge_mutex *mutex)
{
	return mutex_trylock(mutex_of(mutex));
}

void bridge_mutex_unlock(struct bridge_mutex *mutex)
{
	mutex_unlock(mutex_of(mutex));
}

#ifdef CONFIG_LOCKDEP
static struct lockdep_map *map_of(struct bridge_lockdep_map *map)
{
	return (struct lockdep_map *)map->storage;
}

void bridge_lockdep_init(struct bridge_lockdep_map *map, const void *key, const char *name)
{
	/* lockdep writes to no key that is in static storage. */
	lockdep_init_map(map_of(map), name, (struct lock_class_key *)key, 0);
}

void bridge_lockdep_copy(struct bridge_lockdep_map *to, const struct bridge_lockdep_map *from)
{
	lockdep_copy_map(map_of(to), map_of((struct bridge_lockdep_map *)from));
}

void bridge_lockdep_enter(struct bridge_lockdep_map *map)
{
	lock_map_acquire(map_of(map));
}

void bridge_lockdep_leave(struct bridge_lockdep_map *map)
{
	lock_map_release(map_of(map));
}

void bridge_lockdep_wait(struct bridge_lockdep_map *map)
{
	int i;

	for (i = 0; i < current->lockdep_depth; ++i) {
		if (current->held_locks[i].instance->key == map_of(map)->key)
			return;
	}
	lock_map_acquire(map_of(map));
	lock_map_release(map_of(map));
}
#endif

/*
 * No thread may freeze with a lock. The map of a body is none for that, as nobody waits for the
 * body in the freezer. If the body holds a lock of its own, the kernel is to see all.
 */
static bool leave_only_map(struct bridge_lockdep_map *map)
{
#ifdef CONFIG_LOCKDEP
	if (current->lockdep_depth == 1) {
		bridge_lockdep_leave(map);
		return true;
	}
#endif
	return false;
}

/* Not by set_freezable(), which freezes at once, also a thread that shall stop. */
__cold void bridge_set_freezable(void)
{
	change_flags(PF_NOFREEZE, 0);
	/* Either the freezer sees the flag, or the thread sees the freezer. */
	smp_mb();
}

bool bridge_freezing(void)
{
	bool freezes = freezing(current);

	/*
	 * The caller looks for a stop request after this, and sees one that came before the
	 * freezer.
	 */
	smp_rmb();
	return freezes;
}

__cold bool bridge_freeze(struct bridge_lockdep_map *map)
{
	bool left = leave_only_map(map);
	bool was_frozen = try_to_freeze();

	if (left)
		bridge_lockdep_enter(map);
	return was_frozen;
}

__cold void bridge_parkme(void)
{
	bool freezable = !(current->flags & PF_NOFREEZE);

	change_flags(0, PF_NOFREEZE);
	kthread_parkme();
	if (freezable)
		bridge_set_freezable();
}

void bridge_yield(void)
{
	cond_resched_tasks_rcu_qs();
}
