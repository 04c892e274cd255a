// SPDX-License-Identifier: GPL-2.0
#include <linux/hrtimer.h>
#include <linux/wait.h>

#include "locks.h"

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
