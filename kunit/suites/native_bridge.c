// SPDX-License-Identifier: GPL-2.0
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/wait.h>

#include "bridge/bridge.h"
#include "bridge/should_stop.h"
#include "native_bridge.h"

int native_helper(void)
{
	int rounds = 0;

	do {
		schedule_timeout_idle(1);
		++rounds;
	} while (!kthread_should_stop());
	return rounds;
}

static int c_thread(void *begun)
{
	complete(begun);
	return native_helper() > 0 ? 7 : 0;
}

int native_helper_in_c(void)
{
	DECLARE_COMPLETION_ONSTACK(begun);
	struct task_struct *task = kthread_run(c_thread, &begun, "native");

	if (IS_ERR(task))
		return PTR_ERR(task);
	wait_for_completion(&begun);
	return kthread_stop(task);
}

static DECLARE_WAIT_QUEUE_HEAD(queue);

struct wait_queue_head *native_queue(void)
{
	return &queue;
}

void native_wake_interruptible(void)
{
	wake_up_interruptible(&queue);
}

int native_wait_interruptible(struct wait_queue_head *queue, const bool *flag)
{
	return wait_event_interruptible(*queue, READ_ONCE(*flag));
}

unsigned int native_cpus_allowed(struct task_struct *task)
{
	return cpumask_weight(task->cpus_ptr);
}

bool native_users_may_move(struct task_struct *task)
{
	return !(READ_ONCE(task->flags) & PF_NO_SETAFFINITY);
}

bool native_has_noio(void)
{
	return current->flags & PF_MEMALLOC_NOIO;
}

int native_device_sends(int times)
{
	struct native_device *device = kmalloc(sizeof(*device), GFP_KERNEL);
	int sent;

	if (!device)
		return -ENOMEM;
	device->sent = 0;
	device->beats = 0;
	sent = native_device_start(device);
	if (!sent) {
		while (READ_ONCE(device->sent) < times || !READ_ONCE(device->beats)) {
			native_device_send(device);
			schedule_timeout_idle(1);
		}
		native_device_stop(device);
		sent = device->sent;
	}
	kfree(device);
	return sent;
}
