// SPDX-License-Identifier: GPL-2.0
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/freezer.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/wait_bit.h>

#include "bridge.h"

static_assert(BRIDGE_NO_NODE == NUMA_NO_NODE);
static_assert((int)BRIDGE_TIMER_ABSOLUTE == (int)HRTIMER_MODE_ABS);
static_assert(BRIDGE_UNINTERRUPTIBLE == TASK_UNINTERRUPTIBLE);
static_assert(BRIDGE_MAX_ERRNO == MAX_ERRNO);
static_assert(BRIDGE_ESRCH == ESRCH);
static_assert(BRIDGE_EINTR == EINTR);
static_assert(BRIDGE_EAGAIN == EAGAIN);
static_assert(BRIDGE_ENOMEM == ENOMEM);
static_assert(BRIDGE_EBUSY == EBUSY);
static_assert(BRIDGE_EINVAL == EINVAL);
static_assert(BRIDGE_EDEADLK == EDEADLK);
static_assert(sizeof(struct bridge_waiter) == sizeof(struct wait_bit_queue_entry));
static_assert(__alignof__(struct bridge_waiter) == __alignof__(struct wait_bit_queue_entry));

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

unsigned int bridge_task_cpu(const struct task_struct *task)
{
	return task_cpu(task);
}

char bridge_task_state(struct task_struct *task)
{
	return task_state_to_char(task);
}

struct task_struct *bridge_current(void)
{
	return current;
}

void bridge_idle(void)
{
	set_current_state(TASK_IDLE | TASK_FREEZABLE);
}

void bridge_awake(void)
{
	__set_current_state(TASK_RUNNING);
}

static struct wait_bit_queue_entry *entry_of(struct bridge_waiter *waiter)
{
	return (struct wait_bit_queue_entry *)waiter->storage;
}

void bridge_wait_begin(struct bridge_waiter *waiter, void *var)
{
	init_wait_var_entry(entry_of(waiter), var, 0);
}

void bridge_wait_prepare(struct bridge_waiter *waiter, void *var)
{
	prepare_to_wait_event(__var_waitqueue(var), &entry_of(waiter)->wq_entry,
			      TASK_IDLE | TASK_FREEZABLE_UNSAFE);
}

void bridge_wait_end(struct bridge_waiter *waiter, void *var)
{
	finish_wait(__var_waitqueue(var), &entry_of(waiter)->wq_entry);
}

void bridge_wait_while(const void *var, unsigned char value)
{
	/* Pairs with the release of the one who changes it. */
	___wait_var_event((void *)var, smp_load_acquire((const unsigned char *)var) != value,
			  (TASK_IDLE | TASK_FREEZABLE_UNSAFE), 0, 0, schedule());
}

void bridge_set_freezable(void)
{
	set_freezable();
}

void bridge_yield(void)
{
	cond_resched();
	/* try_to_freeze() by itself would do the above once more. */
	if (freezing(current))
		try_to_freeze();
}

void bridge_parkme(void)
{
	if (current->flags & PF_NOFREEZE) {
		kthread_parkme();
		return;
	}
	current->flags |= PF_NOFREEZE;
	kthread_parkme();
	set_freezable();
}

bool bridge_cpu_is_online(unsigned int cpu)
{
	return cpu < nr_cpu_ids && cpu_online(cpu);
}

int bridge_bind_list(struct task_struct *task, const char *cpus)
{
	cpumask_var_t mask;
	int err;

	if (!alloc_cpumask_var(&mask, GFP_KERNEL))
		return -ENOMEM;
	err = cpulist_parse(cpus, mask);
	if (!err)
		err = set_cpus_allowed_ptr(task, mask);
	/* As kthread_bind() has it; without it later kernels choose anew at the start. */
	if (!err)
		task->flags |= PF_NO_SETAFFINITY;
	free_cpumask_var(mask);
	/* cpulist_parse() has other numbers for a CPU that no kernel has. */
	return err ? -EINVAL : 0;
}
