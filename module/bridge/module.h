/* SPDX-License-Identifier: GPL-2.0 */
/* The end of a module, for the C files that have a list of their own for it. */
#ifndef KTHREADXX_BRIDGE_MODULE_H
#define KTHREADXX_BRIDGE_MODULE_H

#include <linux/list.h>
#include <linux/spinlock.h>

#include "bridge.h"

/* As bridge_module_add(). */
void bridge_add_to(struct list_head *list, struct bridge_link *link, bool first,
		   void (*left_behind)(struct bridge_link *link, enum bridge_end how));

/*
 * Takes each link of a list to the end of another list, and calls left_behind() for it. BRIDGE_ASK
 * leaves out what another thread has made that still lives.
 */
void bridge_leave_behind(struct list_head *from, struct list_head *to, enum bridge_end how);

/* What the kernel calls where it may sleep, what of it was asked, and all calls that have ended. */
extern struct list_head bridge_called, bridge_called_asked, bridge_called_ended;

/* The link whose left_behind() runs, NULL if the link is gone. */
extern struct bridge_link *bridge_stopping;

/* The lock for all of these lists, and for bridge_stopping. */
extern raw_spinlock_t bridge_owned_lock;

/* With that lock: the link is in no list any more, and left_behind() is told that it is gone. */
static inline void bridge_take_out(struct bridge_link *link)
{
	list_del((struct list_head *)link);
	if (bridge_stopping == link)
		bridge_stopping = NULL;
}

/*
 * bridge_module_remove() in any context, for a link that left_behind() looks at by
 * bridge_module_poll() alone: an interrupt may have come while that runs, and does not wait for it.
 */
void bridge_module_remove_polled(struct bridge_link *link);

/*
 * Ends what the kernel calls, when no thread runs any more, and again if an item has made one
 * meanwhile. NULL if the module has none of it.
 */
extern void (*bridge_end_called)(void);

/* lockdep takes no new class while the module goes, when a thread may be the first at its queue. */
#ifdef CONFIG_LOCKDEP
void bridge_show_queues_to_lockdep(void);
#else
static inline void bridge_show_queues_to_lockdep(void) {}
#endif

#endif
