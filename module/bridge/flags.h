/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KTHREADXX_BRIDGE_FLAGS_H
#define KTHREADXX_BRIDGE_FLAGS_H

#include <linux/sched.h>

/* The calling thread alone writes its flags. Others read some of them meanwhile, as kthread_park() does, without a lock. */
static inline void change_flags(unsigned int clear, unsigned int set)
{
	data_race(current->flags = (current->flags & ~clear) | set);
}

#endif
