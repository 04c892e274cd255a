// SPDX-License-Identifier: GPL-2.0
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/lockdep.h>
#include <linux/sched/task_stack.h>
#include <linux/version.h>
#include <linux/workqueue.h>

#include "workqueue.h"

static_assert(offsetof(struct delayed_work, work) == 0);
static_assert(BRIDGE_ANY_CPU == WORK_CPU_UNBOUND);

struct workqueue_struct *bridge_system_queue(unsigned int kind)
{
#if KERNEL_VERSION(6, 17, 0) <= LINUX_VERSION_CODE
	struct workqueue_struct *bound = system_percpu_wq, *unbound = system_dfl_wq;
#else
	struct workqueue_struct *bound = system_wq, *unbound = system_unbound_wq;
#endif

	if (kind & BRIDGE_POOL_HIGH_PRIORITY)
		return system_highpri_wq;
	return kind & BRIDGE_POOL_UNBOUND ? unbound : bound;
}

struct workqueue_struct *bridge_queue_create(const char *name, unsigned int flags)
{
	unsigned int to = 0;

	if (flags & BRIDGE_POOL_HIGH_PRIORITY)
		to |= WQ_HIGHPRI;
	if (flags & BRIDGE_POOL_FREEZABLE)
		to |= WQ_FREEZABLE;
	if (flags & BRIDGE_POOL_RECLAIMS)
		to |= WQ_MEM_RECLAIM;
	if (flags & BRIDGE_POOL_IN_ORDER)
		return alloc_ordered_workqueue("%s", to, name);
	if (flags & BRIDGE_POOL_UNBOUND)
		to |= WQ_UNBOUND;
#if KERNEL_VERSION(6, 17, 0) <= LINUX_VERSION_CODE
	else
		to |= WQ_PERCPU;
#endif
	return alloc_workqueue("%s", to, 0, name);
}

static struct work_struct *work_of(struct bridge_work *work)
{
	return (struct work_struct *)work->storage;
}

static struct delayed_work *delayed_of(struct bridge_delayed_work *work)
{
	return (struct delayed_work *)work->storage;
}

/* In place of the class of INIT_WORK(), which has one for each place where it stands. */
static void set_class(struct work_struct *work, const void *key, const char *name)
{
#ifdef CONFIG_LOCKDEP
	lockdep_init_map(&work->lockdep_map, name, (struct lock_class_key *)key, 0);
#endif
}

void bridge_work_init(struct bridge_work *work, void (*call)(struct work_struct *work),
		      const void *key, const char *name)
{
	if (object_is_on_stack(work))
		INIT_WORK_ONSTACK(work_of(work), call);
	else
		INIT_WORK(work_of(work), call);
	set_class(work_of(work), key, name);
}

void bridge_work_destroy(struct bridge_work *work)
{
	destroy_work_on_stack(work_of(work));
}

void bridge_delayed_work_init(struct bridge_delayed_work *work,
			      void (*call)(struct work_struct *work), const void *key,
			      const char *name)
{
	if (object_is_on_stack(work))
		INIT_DELAYED_WORK_ONSTACK(delayed_of(work), call);
	else
		INIT_DELAYED_WORK(delayed_of(work), call);
	set_class(&delayed_of(work)->work, key, name);
}

void bridge_delayed_work_destroy(struct bridge_delayed_work *work)
{
	destroy_delayed_work_on_stack(delayed_of(work));
}

unsigned long bridge_jiffies(long long time)
{
	/* The first tick may come at once. */
	unsigned long long ticks = time > 0 ? div_u64(time - 1, TICK_NSEC) + 2 : 0;

	return min_t(unsigned long long, ticks, MAX_JIFFY_OFFSET);
}
