// SPDX-License-Identifier: GPL-2.0
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/sched/task.h>

#include "bench.h"

/* Ended by a stop, a park or a wake-up as well. */
static void sleep_until(ktime_t due)
{
	set_current_state(TASK_IDLE | TASK_FREEZABLE);
	if (!kthread_should_stop() && !kthread_should_park())
		schedule_hrtimeout(&due, HRTIMER_MODE_ABS);
	__set_current_state(TASK_RUNNING);
	if (kthread_should_park())
		kthread_parkme();
}

static int sleep_often(void *data)
{
	unsigned int left = *(unsigned int *)data;
	ktime_t due = ktime_get();

	for (; left && !kthread_should_stop(); --left) {
		due = ktime_add_ms(due, 1);
		sleep_until(due);
	}
	bench_reach();
	return 0;
}

unsigned long long c_sleep(unsigned int n)
{
	struct task_struct *thread;
	unsigned long long taken;

	bench_spin();
	thread = kthread_create(sleep_often, &n, "bench");
	if (!IS_ERR(thread)) {
		get_task_struct(thread);
		wake_up_process(thread);
		bench_await(1);
		kthread_stop(thread);
		put_task_struct(thread);
	}
	taken = bench_taken();
	return IS_ERR(thread) ? 0 : taken;
}

static struct task_struct *threads[2];
static unsigned long long took;

static int answer(void *unused)
{
	ktime_t never = KTIME_MAX - 1;

	while (!kthread_should_stop()) {
		sleep_until(never);
		wake_up_process(threads[1]);
	}
	return 0;
}

static int ask(void *data)
{
	unsigned int left = *(unsigned int *)data;
	unsigned long long begin = bench_clock();
	ktime_t never = KTIME_MAX - 1;

	for (; left && !kthread_should_stop(); --left) {
		wake_up_process(threads[0]);
		sleep_until(never);
	}
	took = bench_clock() - begin;
	bench_reach();
	return 0;
}

unsigned long long c_sleep_woken(unsigned int n)
{
	threads[0] = kthread_create(answer, NULL, "bench");
	if (IS_ERR(threads[0]))
		return 0;
	threads[1] = kthread_create(ask, &n, "bench");
	if (IS_ERR(threads[1])) {
		kthread_stop(threads[0]);
		return 0;
	}
	get_task_struct(threads[1]);
	wake_up_process(threads[0]);
	bench_settle();
	wake_up_process(threads[1]);
	bench_await(1);
	kthread_stop(threads[0]);
	kthread_stop(threads[1]);
	put_task_struct(threads[1]);
	return took;
}
