/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KTHREADXX_BRIDGE_FLAGS_H
#define KTHREADXX_BRIDGE_FLAGS_H

#include <linux/sched.h>

static inline void change_flags(unsigned int clear, unsigned int set)
{
	/*
	 * The calling thread alone writes its flags. Others read some of them meanwhile, as
	 * kthread_park() does, without a lock.
	 */
	data_race(current->flags = (current->flags & ~clear) | set);
}

#endif
