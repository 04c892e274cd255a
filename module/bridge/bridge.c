// SPDX-License-Identifier: GPL-2.0
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/wait_bit.h>

#include "bridge.h"

static_assert(BRIDGE_NO_NODE == NUMA_NO_NODE);
static_assert((int)BRIDGE_TIMER_RELATIVE == (int)HRTIMER_MODE_REL);
static_assert(BRIDGE_MAX_ERRNO == MAX_ERRNO);
static_assert(BRIDGE_ESRCH == ESRCH);
static_assert(BRIDGE_EINTR == EINTR);
static_assert(BRIDGE_ENOMEM == ENOMEM);
static_assert(BRIDGE_EINVAL == EINVAL);
static_assert(BRIDGE_EDEADLK == EDEADLK);

void bridge_get_task(struct task_struct *task)
{
	get_task_struct(task);
}

void bridge_put_task(struct task_struct *task)
{
	put_task_struct(task);
}

int bridge_task_pid(const struct task_struct *task)
{
	return task->pid;
}

struct task_struct *bridge_current(void)
{
	return current;
}

void bridge_idle(void)
{
	set_current_state(TASK_IDLE);
}

void bridge_awake(void)
{
	__set_current_state(TASK_RUNNING);
}

void bridge_cond_resched(void)
{
	cond_resched();
}

void bridge_wait_var(const void *var, unsigned char value)
{
	/* Pairs with the release of the one who wrote it. */
	wait_var_event((void *)var, smp_load_acquire((const unsigned char *)var) == value);
}
