// SPDX-License-Identifier: GPL-2.0
#include <linux/kthread.h>
#include <linux/sched/task.h>

#include "bench.h"

static struct task_struct *threads[2];
static int turn;
static unsigned long long took;

/* False when the thread shall stop. */
static bool wait_for_turn(int mine)
{
	for (;;) {
		set_current_state(TASK_IDLE | TASK_FREEZABLE);
		/* Pairs with the release of the one who passed it. */
		if (kthread_should_stop() || smp_load_acquire(&turn) == mine)
			break;
		if (!kthread_should_park()) {
			schedule();
		} else {
			__set_current_state(TASK_RUNNING);
			kthread_parkme();
		}
	}
	__set_current_state(TASK_RUNNING);
	return !kthread_should_stop();
}

static void pass_turn(int to)
{
	/* Pairs with the acquire of the one who waits. */
	smp_store_release(&turn, to);
	wake_up_process(threads[to]);
}

static int answer(void *unused)
{
	while (wait_for_turn(1))
		pass_turn(0);
	return 0;
}

static int ask(void *data)
{
	unsigned int left = *(unsigned int *)data;
	unsigned long long begin = bench_clock();

	do
		pass_turn(1);
	while (wait_for_turn(0) && --left);
	took = bench_clock() - begin;
	bench_reach();
	return 0;
}

unsigned long long c_wait(unsigned int n)
{
	threads[0] = kthread_create(ask, &n, "bench");
	if (IS_ERR(threads[0]))
		return 0;
	threads[1] = kthread_create(answer, NULL, "bench");
	if (IS_ERR(threads[1])) {
		kthread_stop(threads[0]);
		return 0;
	}
	kthread_bind(threads[0], bench_cpu(0));
	kthread_bind(threads[1], bench_cpu(1));
	/* None is preempted by the one that it wakes, and each has to sleep. */
	sched_set_fifo(threads[0]);
	sched_set_fifo(threads[1]);
	get_task_struct(threads[0]);
	wake_up_process(threads[1]);
	bench_settle();
	wake_up_process(threads[0]);
	bench_await(1);
	kthread_stop(threads[1]);
	kthread_stop(threads[0]);
	put_task_struct(threads[0]);
	return took;
}
