// SPDX-License-Identifier: GPL-2.0
/*
 * The list of objects that have to be gone before the module's memory is, and the end of a module
 * that forgot some.
 */
#include <linux/hrtimer.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

#include "module.h"

static_assert(offsetof(struct bridge_link, next) == offsetof(struct list_head, next));
static_assert(offsetof(struct bridge_link, prev) == offsetof(struct list_head, prev));

static LIST_HEAD(owned);
static LIST_HEAD(asked);
static LIST_HEAD(stopped);
/* Whose left_behind() runs, whose asks the others meanwhile, and the task that calls it. */
struct bridge_link *bridge_stopping;
static struct bridge_link *waiting;
static struct task_struct *stopper;
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
	is_left = (bridge_stopping == link || waiting == link) && stopper != current;
	if (!is_left) {
		/* A callback of its stop destroys it, or of another one that is asked meanwhile. */
		bridge_take_out(link);
		if (waiting == link)
			waiting = NULL;
	}
	raw_spin_unlock_irqrestore(&bridge_owned_lock, flags);
	return !is_left;
}

__cold void bridge_module_remove(struct bridge_link *link)
{
	while (!bridge_module_remove_own(link))
		schedule_timeout_uninterruptible(1);
}

__cold void bridge_leave_behind(struct list_head *from, struct list_head *to, enum bridge_end how)
{
	struct bridge_link *link;

	for (;;) {
		raw_spin_lock_irq(&bridge_owned_lock);
		link = list_empty(from) ? NULL : (struct bridge_link *)from->next;
		bridge_stopping = link;
		if (link)
			list_move_tail(list_of(link), to);
		raw_spin_unlock_irq(&bridge_owned_lock);
		if (!link)
			break;
		link->left_behind(link, how);
	}
}

/* Its caller is kept, as it was. */
__cold void bridge_module_ask_again(void)
{
	raw_spin_lock_irq(&bridge_owned_lock);
	waiting = bridge_stopping;
	list_splice_init(&asked, &owned);
	raw_spin_unlock_irq(&bridge_owned_lock);
	bridge_leave_behind(&owned, &asked, BRIDGE_ASK);
	raw_spin_lock_irq(&bridge_owned_lock);
	bridge_stopping = waiting;
	waiting = NULL;
	raw_spin_unlock_irq(&bridge_owned_lock);
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

static __cold void module_goes(struct module *module)
{
	void (*end_called)(void);

	/* lockdep takes the module's static keys for any address by now, and refuses new ones. */
	lockdep_off();
	stopper = current;
	/* And what threads have made since then, also those that hold the module. */
	while (is_held() || !list_empty(&owned)) {
		if (list_empty(&owned))
			schedule_timeout_uninterruptible(1);
		bridge_leave_behind(&owned, &asked, BRIDGE_ASK);
		bridge_leave_behind(&asked, &stopped, BRIDGE_STOP);
	}
	/*
	 * Once: the kernel comes here again when the thunks are gone through which an indirect call
	 * may go.
	 */
	end_called = bridge_end_called;
	bridge_end_called = NULL;
	if (end_called)
		end_called();
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
