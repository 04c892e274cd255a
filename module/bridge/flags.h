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

/*
 * In which the calling thread waits for another. A kernel thread may freeze meanwhile, as the other
 * may be frozen first. A process does not: it may have locks of its caller, which those take that
 * suspend devices, and the kernel freezes all processes before the first kernel thread.
 */
static inline unsigned int waiting_state(void)
{
	return current->flags & PF_KTHREAD ? TASK_UNINTERRUPTIBLE | TASK_FREEZABLE_UNSAFE
					   : TASK_UNINTERRUPTIBLE;
}

#endif
