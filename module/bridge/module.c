// SPDX-License-Identifier: GPL-2.0
/*
 * The list of objects that have to be gone before the module's memory is, and the end of a module
 * that forgot some.
 */
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/sched/signal.h>
#include <linux/spinlock.h>

#include "module.h"

static_assert(offsetof(struct bridge_link, next) == offsetof(struct list_head, next));
static_assert(offsetof(struct bridge_link, prev) == offsetof(struct list_head, prev));

static LIST_HEAD(owned);
static LIST_HEAD(asked);
static LIST_HEAD(stopped);
LIST_HEAD(bridge_called);
LIST_HEAD(bridge_called_asked);
LIST_HEAD(bridge_called_ended);
/* Whose left_behind() runs, and the task that calls it. */
struct bridge_link *bridge_stopping;
static struct task_struct *stopper;
/* For how many ticks the threads may go on that were asked, with what they have made. */
static unsigned int patience = HZ;
DEFINE_RAW_SPINLOCK(bridge_owned_lock);
void (*bridge_end_called)(void);
/* Whether a thread has ever held the module. */
static bool was_held;

static struct list_head *list_of(struct bridge_link *link)
{
	return (struct list_head *)link;
}

static void module_goes(struct module *module);

#ifdef CONFIG_MODULE_UNLOAD
static void (*exit_of_module)(void);

/* Right after the exit, when the module is whole. */
static __cold void exit_and_go(void)
{
	exit_of_module();
	module_goes(THIS_MODULE);
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

/*
 * For a module whose init has failed, of which the kernel calls no exit. What it frees first is its
 * copy of the module's attributes: before what an architecture has allocated for the module, such
 * as thunks that its indirect jumps go through. The first attribute has no free() of its own. There
 * are none yet while the kernel sets parameters. A module notifier would have to be registered
 * where the caller may sleep, and unregistered by the module itself.
 */
static __cold void follow_failure(void)
{
	struct module_attribute *first = THIS_MODULE->modinfo_attrs;

	if (first && !first->free)
		first->free = module_goes;
}

__cold void bridge_add_to(struct list_head *list, struct bridge_link *link, bool first,
			  void (*left_behind)(struct bridge_link *link, enum bridge_end how))
{
	unsigned long flags;

	link->left_behind = left_behind;
	link->maker = current->pid;
	bridge_show_queues_to_lockdep();
	raw_spin_lock_irqsave(&bridge_owned_lock, flags);
	follow_exit();
	follow_failure();
	list_add(list_of(link), first ? list : list->prev);
	raw_spin_unlock_irqrestore(&bridge_owned_lock, flags);
}

__cold void bridge_module_add(struct bridge_link *link, bool first,
			      void (*left_behind)(struct bridge_link *link, enum bridge_end how))
{
	bridge_add_to(&owned, link, first, left_behind);
}

__cold bool bridge_module_remove_own(struct bridge_link *link)
{
	unsigned long flags;
	bool is_left;

	raw_spin_lock_irqsave(&bridge_owned_lock, flags);
	is_left = bridge_stopping == link && stopper != current;
	/* A callback of its stop may destroy it. */
	if (!is_left)
		bridge_take_out(link);
	raw_spin_unlock_irqrestore(&bridge_owned_lock, flags);
	return !is_left;
}

__cold void bridge_module_remove(struct bridge_link *link)
{
	while (!bridge_module_remove_own(link))
		schedule_timeout_uninterruptible(1);
}

static __cold bool is_of_module(struct task_struct *task)
{
	/* The thread itself writes its flags meanwhile, but never PF_KTHREAD. */
	return task && data_race(task->flags) & PF_KTHREAD &&
	       within_module_core((unsigned long)kthread_func(task), THIS_MODULE);
}

/* Whether the maker still lives: a thread of this module. It is asked to stop, too. */
static __cold bool has_maker(const struct bridge_link *link)
{
	bool lives;

	rcu_read_lock();
	lives = is_of_module(pid_task(find_pid_ns(link->maker, &init_pid_ns), PIDTYPE_PID));
	rcu_read_unlock();
	return lives;
}

static __cold bool has_threads(void)
{
	struct task_struct *task;
	bool lives = false;

	rcu_read_lock();
	for_each_process(task) lives |= is_of_module(task);
	rcu_read_unlock();
	return lives;
}

static __cold struct bridge_link *first_of(struct list_head *list, enum bridge_end how)
{
	struct bridge_link *link;

	for (link = (struct bridge_link *)list->next; list_of(link) != list; link = link->next)
		if (how != BRIDGE_ASK || !patience || !has_maker(link))
			return link;
	return NULL;
}

__cold void bridge_leave_behind(struct list_head *from, struct list_head *to, enum bridge_end how)
{
	struct bridge_link *link;

	for (;;) {
		typeof(link->left_behind) left_behind;

		raw_spin_lock_irq(&bridge_owned_lock);
		link = first_of(from, how);
		bridge_stopping = link;
		if (link) {
			list_move_tail(list_of(link), to);
			left_behind = link->left_behind;
		}
		raw_spin_unlock_irq(&bridge_owned_lock);
		if (!link)
			break;
		/* A timer may be gone already. */
		left_behind(link, how);
	}
}

/*
 * Where the init has failed, the kernel does not wait for those that hold the module. Where a
 * parameter was wrong, it keeps a reference of its own, and no thread has begun.
 */
static bool is_held(void)
{
#ifdef CONFIG_MODULE_UNLOAD
	return READ_ONCE(was_held) && module_refcount(THIS_MODULE) > 0;
#else
	return false;
#endif
}

/* Threads may have made something since then, also threads that hold the module. */
static __cold bool has_more(void)
{
	bool held = is_held();

	/* A thread adds to the list before it lets go of the module. Pairs with module_put(). */
	smp_rmb();
	return held || !list_empty(&owned);
}

static __cold void module_goes(struct module *module)
{
	/* lockdep takes the module's static keys for any address by now, and refuses new ones. */
	lockdep_off();
	stopper = current;
	for (;;) {
		/* Before it asks: what threads have made until their ends is asked, too. */
		bool waits = patience && has_threads();

		bridge_leave_behind(&owned, &asked, BRIDGE_ASK);
		bridge_leave_behind(&bridge_called, &bridge_called_asked, BRIDGE_ASK);
		if (waits) {
			patience--;
		} else {
			bridge_leave_behind(&asked, &stopped, BRIDGE_STOP);
			if (!has_more()) {
				if (bridge_end_called)
					bridge_end_called();
				/* Items may have made threads. */
				if (!has_more())
					break;
			}
		}
		schedule_timeout_uninterruptible(1);
	}
	/*
	 * Once: the kernel comes here again when the thunks are gone through which an indirect call
	 * may go.
	 */
	bridge_end_called = NULL;
	bridge_leave_behind(&bridge_called_ended, &bridge_called_ended, BRIDGE_FREE);
	bridge_leave_behind(&stopped, &stopped, BRIDGE_FREE);
	lockdep_on();
}

static __cold int no_parameter(const char *value, const struct kernel_param *param)
{
	return -EINVAL;
}

static __cold void free_parameter(void *arg)
{
	module_goes(THIS_MODULE);
}

/* For a module of which a parameter is wrong. Its parameters are what the kernel frees then. */
static const struct kernel_param_ops at_the_end = {
	.set = no_parameter,
	.free = free_parameter,
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
