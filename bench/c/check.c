// SPDX-License-Identifier: GPL-2.0
#include <linux/kthread.h>
#include <linux/sched/task.h>

#include "bench.h"

static unsigned long long took;

static int check(void *data)
{
	unsigned int left = *(unsigned int *)data;
	unsigned long long begin = bench_clock();

	while (!kthread_should_stop() && left)
		--left;
	took = bench_clock() - begin;
	bench_reach();
	return 0;
}

/* What a body that never sleeps does to be stopped and parked, and to let others run. */
static int yield_between(void *data)
{
	unsigned int left = *(unsigned int *)data;
	unsigned long long begin = bench_clock();

	for (; left; --left) {
		cond_resched();
		if (kthread_should_park())
			kthread_parkme();
		if (kthread_should_stop())
			break;
	}
	took = bench_clock() - begin;
	bench_reach();
	return 0;
}

static unsigned long long run(int (*body)(void *data), unsigned int n)
{
	struct task_struct *thread = kthread_create(body, &n, "bench");

	if (IS_ERR(thread))
		return 0;
	get_task_struct(thread);
	wake_up_process(thread);
	bench_await(1);
	kthread_stop(thread);
	put_task_struct(thread);
	return took;
}

unsigned long long c_check(unsigned int n)
{
	return run(check, n);
}

unsigned long long c_yield(unsigned int n)
{
	return run(yield_between, n);
}
