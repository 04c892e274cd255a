// SPDX-License-Identifier: GPL-2.0
#include <linux/kthread.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "bench.h"

static struct task_struct **threads;
static unsigned int size;
static bool told;

static int body(void *unused)
{
	bench_reach();
	for (;;) {
		set_current_state(TASK_IDLE);
		if (kthread_should_stop() || READ_ONCE(told))
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

int c_group_start(unsigned int n)
{
	unsigned int i;

	told = false;
	threads = kmalloc_array(n, sizeof(*threads), GFP_KERNEL);
	if (!threads)
		return -ENOMEM;
	for (size = 0; size < n; ++size) {
		struct task_struct *thread = kthread_create(body, NULL, "bench/%u", size);

		if (IS_ERR(thread)) {
			c_group_stop();
			return PTR_ERR(thread);
		}
		threads[size] = get_task_struct(thread);
	}
	for (i = 0; i < n; ++i)
		wake_up_process(threads[i]);
	return 0;
}

void c_group_stop(void)
{
	unsigned int i;

	for (i = 0; i < size; ++i) {
		kthread_stop(threads[i]);
		put_task_struct(threads[i]);
	}
	kfree(threads);
}

/* The least that can be done to have all end at the same time. */
void c_group_tell_and_stop(void)
{
	unsigned int i;

	WRITE_ONCE(told, true);
	for (i = 0; i < size; ++i)
		wake_up_process(threads[i]);
	c_group_stop();
}
