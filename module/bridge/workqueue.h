/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What kthread/workqueue.hpp needs of the kernel's workqueues, as bridge.h has the rest.
 */
#ifndef KTHREADXX_WORKQUEUE_H
#define KTHREADXX_WORKQUEUE_H

#include "bridge/bridge.h"

#ifdef __cplusplus
extern "C" {
#endif

struct workqueue_struct;
struct work_struct;
struct delayed_work;

/*
 * The kernel's own functions. queue_work_on(), queue_delayed_work_on(), mod_delayed_work_on(),
 * cancel_work(), cancel_delayed_work(), work_busy(): context: hard interrupt. The others may sleep.
 */
bool queue_work_on(int cpu, struct workqueue_struct *wq, struct work_struct *work);
bool queue_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *work,
			   unsigned long delay);
bool mod_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *dwork,
			 unsigned long delay);
bool cancel_work(struct work_struct *work);
bool cancel_delayed_work(struct delayed_work *dwork);
unsigned int work_busy(struct work_struct *work);
bool cancel_work_sync(struct work_struct *work);
bool cancel_delayed_work_sync(struct delayed_work *dwork);
bool flush_work(struct work_struct *work);
bool flush_delayed_work(struct delayed_work *dwork);
void __flush_workqueue(struct workqueue_struct *wq);
void destroy_workqueue(struct workqueue_struct *wq);

/* current_work - which one the calling thread runs, or NULL */
struct work_struct *current_work(void);

/*
 * bridge_system_queue - one of the kernel's own workqueues
 * @kind: BRIDGE_POOL_BOUND, BRIDGE_POOL_UNBOUND or BRIDGE_POOL_HIGH_PRIORITY
 *
 * Context: any. Wraps system_wq, system_unbound_wq, system_highpri_wq.
 */
enum {
	BRIDGE_POOL_BOUND = 0,
	BRIDGE_POOL_UNBOUND = 1,
	BRIDGE_POOL_HIGH_PRIORITY = 2,
	BRIDGE_POOL_FREEZABLE = 4,
	BRIDGE_POOL_IN_ORDER = 8,
	BRIDGE_POOL_RECLAIMS = 16,
};

struct workqueue_struct *bridge_system_queue(unsigned int kind);

/*
 * bridge_queue_create - a workqueue of one's own
 * @flags: of the BRIDGE_POOL_ above
 *
 * May sleep. NULL if there is no memory. Wraps alloc_workqueue(), alloc_ordered_workqueue().
 */
struct workqueue_struct *bridge_queue_create(const char *name, unsigned int flags);

/*
 * bridge_work, bridge_delayed_work - an item
 * @key: for lockdep, as in bridge_lockdep_init()
 *
 * _destroy() is for one that is not pending any more. Context: atomic. Wrap INIT_WORK(),
 * INIT_DELAYED_WORK(), destroy_work_on_stack(), destroy_delayed_work_on_stack().
 */
struct bridge_work {
	BRIDGE_STORAGE(WORK);
};

struct bridge_delayed_work {
	BRIDGE_STORAGE(DELAYED_WORK);
};

void bridge_work_init(struct bridge_work *work, void (*call)(struct work_struct *work),
		      const void *key, const char *name);
void bridge_work_destroy(struct bridge_work *work);
void bridge_delayed_work_init(struct bridge_delayed_work *work,
			      void (*call)(struct work_struct *work), const void *key,
			      const char *name);
void bridge_delayed_work_destroy(struct bridge_delayed_work *work);

/*
 * bridge_module_remove_running - bridge_module_remove() by an item that runs; waits until
 *	left_behind() polls
 * bridge_module_poll - for left_behind(): calls has_ended(), in an atomic context, until that
 *	returns true; false if the link has gone before
 *
 * Nobody waits for the end of what is gone if it sleeps after that. May sleep.
 */
void bridge_module_remove_running(struct bridge_link *link);
bool bridge_module_poll(struct bridge_link *link, bool (*has_ended)(struct bridge_link *link));

/*
 * bridge_jiffies - how many ticks are over at the earliest after so many nanoseconds
 *
 * Context: any. 0 for a time of zero or less.
 */
unsigned long bridge_jiffies(long long time);

#ifdef __cplusplus
}
#endif

#endif
