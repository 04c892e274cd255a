/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The list of what a worker's thread is to run, for bridge_inbox_put(), by which an item gets there
 * if nothing is unusual. C++ does all else with it. Both sides hold the worker's lock.
 */
#ifndef KTHREADXX_BRIDGE_INBOX_H
#define KTHREADXX_BRIDGE_INBOX_H

#include "bridge.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A place in the list. Of an item it has a function to call, of its head and others it has none. */
struct bridge_entry {
	struct bridge_entry *next, *prev;
	void (*call)(struct bridge_entry *entry);
};

/* The state of an item is 0 if the item may be put into the list. C++ has other values besides. */
enum { BRIDGE_LISTED = 1 };

/* The mode of the thread. An append wakes a thread that is asleep; a closed one takes no more. */
enum { BRIDGE_AWAKE, BRIDGE_ASLEEP, BRIDGE_CLOSED };

struct bridge_inbox {
	struct bridge_entry ready; /* the head of a ring: next is the first, prev the last */
	struct bridge_lock *lock;  /* guards the inbox and its entries */
	unsigned int mode;         /* the thread reads it without the lock */
	/* bridge_inbox_put() calls it under the lock if the thread is asleep. */
	void (*wake)(struct bridge_entry *entry);
	/* And this without the lock, where it does not put the entry. */
	bool (*put_otherwise)(struct bridge_entry *entry);
};

/* Under the lock. The thread follows `next` without it, as far as the end of the list. */
static inline void bridge_inbox_append(struct bridge_inbox *inbox, struct bridge_entry *entry)
{
	struct bridge_entry *last = inbox->ready.prev;

	entry->prev = last;
	__atomic_store_n(&entry->next, &inbox->ready, __ATOMIC_RELAXED);
	__atomic_store_n(&last->next, entry, __ATOMIC_RELEASE);
	inbox->ready.prev = entry;
}

/*
 * bridge_inbox_put - append an entry to the list
 * @state: of the entry
 *
 * Where the inbox is closed, the entry is no idle one or another context has the lock, it returns
 * what put_otherwise() returns. Context: hard interrupt. Wraps raw_spin_lock_irqsave().
 */
bool bridge_inbox_put(struct bridge_entry *entry, struct bridge_inbox *inbox, unsigned int *state);

#ifdef __cplusplus
}
#endif

#endif
