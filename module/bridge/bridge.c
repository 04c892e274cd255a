// SPDX-License-Identifier: GPL-2.0
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/hash.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/swait.h>

#include "bridge.h"
#include "flags.h"

static_assert(BRIDGE_NO_NODE == NUMA_NO_NODE);
static_assert((int)BRIDGE_TIMER_ABSOLUTE == (int)HRTIMER_MODE_ABS);
static_assert(BRIDGE_MAX_ERRNO == MAX_ERRNO);
static_assert(offsetof(struct bridge_link, next) == offsetof(struct list_head, next));
static_assert(offsetof(struct bridge_link, prev) == offsetof(struct list_head, prev));

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
	return bridge_idle_state(how == BRIDGE_FREEZES);
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
	unsigned long flags;

	bridge_wait_begin(waiter, address);
	raw_spin_lock_irqsave(&queue->lock, flags);
	list_add_tail(&entry_of(waiter)->task_list, &queue->task_list);
	raw_spin_unlock_irqrestore(&queue->lock, flags);
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

static LIST_HEAD(owned);
static LIST_HEAD(called);
static LIST_HEAD(ended);
static LIST_HEAD(stopped);
/* Whose left_behind() runs, and the task that calls it. */
static struct bridge_link *stopping;
static struct task_struct *stopper;
static DEFINE_RAW_SPINLOCK(owned_lock);
bool bridge_module_is_over;
/* Of the threads in the list. */
static void (*thread_left_behind)(struct bridge_link *link, bool stopped);
static void (*ask_thread)(struct bridge_link *link);
/* Whether a thread has ever held the module. */
static bool was_held;

static struct list_head *list_of(struct bridge_link *link)
{
	return (struct list_head *)link;
}

/* lockdep takes no new class while the module goes, when a thread may be the first at its queue. */
static void show_queues_to_lockdep(void)
{
	unsigned long flags;
	int i;

	if (!IS_ENABLED(CONFIG_LOCKDEP))
		return;
	for (i = 0; i < ARRAY_SIZE(queues); i++) {
		raw_spin_lock_irqsave(&queues[i].lock, flags);
		raw_spin_unlock_irqrestore(&queues[i].lock, flags);
	}
}

static void module_goes(void *arg);

#ifdef CONFIG_MODULE_UNLOAD
static void (*exit_of_module)(void);

/*
 * Right after the exit. Before its parameters the kernel frees what an architecture has allocated
 * for the module, such as thunks that its indirect jumps go through.
 */
static __cold void exit_and_go(void)
{
	exit_of_module();
	module_goes(NULL);
}

/* A module without an exit stays, so it gets none here. */
static __cold void follow_exit(void)
{
	if (THIS_MODULE->exit && !exit_of_module) {
		exit_of_module = THIS_MODULE->exit;
		THIS_MODULE->exit = exit_and_go;
	}
}
#else
static void follow_exit(void) {}
#endif

static __cold void add(struct bridge_link *link, struct list_head *list, bool first,
		       void (*left_behind)(struct bridge_link *link, bool stopped))
{
	unsigned long flags;

	link->left_behind = left_behind;
	show_queues_to_lockdep();
	raw_spin_lock_irqsave(&owned_lock, flags);
	follow_exit();
	list_add(list_of(link), first ? list : list->prev);
	raw_spin_unlock_irqrestore(&owned_lock, flags);
}

__cold void bridge_module_add(struct bridge_link *link,
			      void (*left_behind)(struct bridge_link *link, bool stopped))
{
	add(link, &owned, false, left_behind);
}

__cold void bridge_module_add_first(struct bridge_link *link,
				    void (*left_behind)(struct bridge_link *link, bool stopped))
{
	add(link, &owned, true, left_behind);
}

__cold void bridge_module_add_thread(struct bridge_link *link,
				     void (*left_behind)(struct bridge_link *link, bool stopped),
				     void (*ask)(struct bridge_link *link))
{
	thread_left_behind = left_behind;
	ask_thread = ask;
	add(link, &owned, false, left_behind);
}

__cold void bridge_module_add_called(struct bridge_link *link, bool may_sleep,
				     void (*left_behind)(struct bridge_link *link, bool stopped))
{
	add(link, &called, may_sleep, left_behind);
}

__cold bool bridge_module_remove_own(struct bridge_link *link)
{
	unsigned long flags;
	bool is_left;

	raw_spin_lock_irqsave(&owned_lock, flags);
	is_left = stopping == link && stopper != current;
	if (!is_left)
		list_del(list_of(link));
	raw_spin_unlock_irqrestore(&owned_lock, flags);
	return !is_left;
}

__cold void bridge_module_remove(struct bridge_link *link)
{
	while (!bridge_module_remove_own(link)) {
		/* The callable of a timer destroys another timer. */
		if (in_hardirq() || irqs_disabled())
			cpu_relax();
		else
			schedule_timeout_uninterruptible(1);
	}
}

/* A request may take out any link. */
static __cold void ask_threads(void)
{
	LIST_HEAD(asked);

	raw_spin_lock_irq(&owned_lock);
	while (!list_empty(&owned)) {
		stopping = (struct bridge_link *)owned.next;
		list_move_tail(list_of(stopping), &asked);
		if (stopping->left_behind != thread_left_behind)
			continue;
		raw_spin_unlock_irq(&owned_lock);
		ask_thread(stopping);
		raw_spin_lock_irq(&owned_lock);
	}
	stopping = NULL;
	list_splice(&asked, &owned);
	raw_spin_unlock_irq(&owned_lock);
}

/* Calls left_behind() for each link of a list, and takes it to the end of another list before. */
static __cold void leave_behind(struct list_head *list, struct list_head *to)
{
	struct bridge_link *link;
	unsigned long flags;

	for (;;) {
		raw_spin_lock_irqsave(&owned_lock, flags);
		link = list_empty(list) ? NULL : (struct bridge_link *)list->next;
		stopping = link;
		if (link)
			list_move_tail(list_of(link), to);
		raw_spin_unlock_irqrestore(&owned_lock, flags);
		if (!link)
			break;
		link->left_behind(link, list == to);
	}
}

static __cold void module_goes(void *arg)
{
	/* lockdep takes the module's static keys for any address by now, and refuses new ones. */
	lockdep_off();
	stopper = current;
	ask_threads();
	leave_behind(&owned, &stopped);
#ifdef CONFIG_MODULE_UNLOAD
	/*
	 * Where the init has failed, the kernel does not wait for those that hold the module. Where
	 * a parameter was wrong, it keeps a reference of its own, and no thread has begun.
	 */
	while (READ_ONCE(was_held) && module_refcount(THIS_MODULE) > 0)
		schedule_timeout_uninterruptible(1);
#endif
	/* What runs may wait for others, so all are called until the first pass is over. */
	leave_behind(&called, &ended);
	WRITE_ONCE(bridge_module_is_over, true);
	raw_spin_lock_irq(&owned_lock);
	list_splice_init(&ended, &called);
	raw_spin_unlock_irq(&owned_lock);
	/* What ran may have started others. */
	leave_behind(&called, &ended);
	leave_behind(&ended, &ended);
	leave_behind(&stopped, &stopped);
	lockdep_on();
}

static __cold int no_parameter(const char *value, const struct kernel_param *param)
{
	return -EINVAL;
}

/*
 * For a module whose init has failed, of which the kernel calls no exit. It frees the parameters of
 * a module after its exit and before its memory, and asks no one to unregister anything for that. A
 * module notifier would have to be unregistered by the module itself.
 */
static const struct kernel_param_ops at_the_end = {
	.set = no_parameter,
	.free = module_goes,
};

module_param_cb(kthread_threads, &at_the_end, NULL, 0);

__cold bool bridge_hold_module(void)
{
	bool held = try_module_get(THIS_MODULE);

	if (held)
		WRITE_ONCE(was_held, true);
	return held;
}

__cold void bridge_let_go_of_module(void)
{
	module_put(THIS_MODULE);
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

void bridge_yield(void)
{
	cond_resched_tasks_rcu_qs();
}
