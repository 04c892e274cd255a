// SPDX-License-Identifier: GPL-2.0
#include <linux/kthread.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "bench.h"

static int until_stopped(void *unused)
{
	for (;;) {
		set_current_state(TASK_IDLE);
		if (kthread_should_stop())
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

/* A name comes from elsewhere: it is never a format. */
static const char *name = "bench";
static struct task_struct *thread;

unsigned long long c_create(unsigned int n)
{
	bench_spin();
	for (; n; --n) {
		thread = kthread_create(until_stopped, NULL, "%s", name);
		if (IS_ERR(thread))
			break;
		/* Others may use it after its end. */
		get_task_struct(thread);
		wake_up_process(thread);
		bench_settle();
		kthread_stop(thread);
		put_task_struct(thread);
	}
	return bench_taken() * !n;
}

struct box {
	struct task_struct *thread;
	unsigned int *runs;
};

static int count_run(void *data)
{
	struct box *box = data;

	++*box->runs;
	return until_stopped(NULL);
}

static struct box *box_run(unsigned int *runs)
{
	struct box *box = kmalloc(sizeof(*box), GFP_KERNEL);

	if (!box)
		return NULL;
	box->runs = runs;
	box->thread = kthread_create(count_run, box, "%s", name);
	if (IS_ERR(box->thread)) {
		kfree(box);
		return NULL;
	}
	get_task_struct(box->thread);
	wake_up_process(box->thread);
	return box;
}

static void box_stop(struct box *box)
{
	kthread_stop(box->thread);
	put_task_struct(box->thread);
	kfree(box);
}

unsigned long long c_create_boxed(unsigned int n)
{
	unsigned int runs = 0;

	bench_spin();
	for (; n; --n) {
		struct box *box = box_run(&runs);

		if (!box)
			break;
		bench_settle();
		box_stop(box);
	}
	return bench_taken() * !n;
}

unsigned long long c_create_bytes(unsigned int n)
{
	return sizeof(struct box *) + bench_allocated(sizeof(struct box));
}
