// SPDX-License-Identifier: GPL-2.0
#include <linux/kthread.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "bench.h"

/* What a thread has of its own. It may outlive the others. */
struct member {
	struct task_struct *thread;
	unsigned int index;
};

static struct member **members;
static unsigned int size;
static bool told;

static int body(void *data)
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

static struct member *create(unsigned int index)
{
	struct member *member = kmalloc(sizeof(*member), GFP_KERNEL);
	struct task_struct *thread;

	if (!member)
		return ERR_PTR(-ENOMEM);
	member->index = index;
	thread = kthread_create(body, member, "bench/%u", index);
	if (IS_ERR(thread)) {
		kfree(member);
		return ERR_CAST(thread);
	}
	member->thread = get_task_struct(thread);
	return member;
}

int c_group_start(unsigned int n)
{
	unsigned int i;

	told = false;
	members = kmalloc_array(n, sizeof(*members), GFP_KERNEL);
	if (!members)
		return -ENOMEM;
	for (size = 0; size < n; ++size) {
		struct member *member = create(size);

		if (IS_ERR(member)) {
			c_group_stop();
			return PTR_ERR(member);
		}
		members[size] = member;
	}
	for (i = 0; i < n; ++i)
		wake_up_process(members[i]->thread);
	return 0;
}

void c_group_stop(void)
{
	unsigned int i;

	for (i = 0; i < size; ++i) {
		kthread_stop(members[i]->thread);
		put_task_struct(members[i]->thread);
		kfree(members[i]);
	}
	kfree(members);
}

/* The least that can be done to have all end at the same time. */
void c_group_tell_and_stop(void)
{
	unsigned int i;

	WRITE_ONCE(told, true);
	for (i = 0; i < size; ++i)
		wake_up_process(members[i]->thread);
	c_group_stop();
}
