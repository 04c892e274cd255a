// SPDX-License-Identifier: GPL-2.0
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/math64.h>
#include <linux/sched/task.h>

#include "bench.h"

struct beat {
	u64 period;
	unsigned int stop_after;
	u64 beats;
	u64 missed;
};

static int beat(void *data)
{
	struct beat *beat = data;
	ktime_t due = ktime_get();

	for (;;) {
		s64 late;

		due = ktime_add_ns(due, beat->period);
		set_current_state(TASK_IDLE | TASK_FREEZABLE);
		if (!kthread_should_stop() && !kthread_should_park())
			schedule_hrtimeout(&due, HRTIMER_MODE_ABS);
		__set_current_state(TASK_RUNNING);
		if (kthread_should_park())
			kthread_parkme();
		if (kthread_should_stop())
			return 0;
		/* A time that was over before gave nobody else a turn. */
		cond_resched();
		late = ktime_sub(ktime_get(), due);
		if (late >= (s64)beat->period) {
			u64 skipped = div64_u64(late, beat->period);

			beat->missed += skipped;
			due = ktime_add_ns(due, skipped * beat->period);
		}
		if (++beat->beats == beat->stop_after)
			bench_reach();
	}
}

static struct task_struct *start(struct beat *to)
{
	struct task_struct *thread = kthread_create(beat, to, "bench");

	if (IS_ERR(thread))
		return NULL;
	wake_up_process(thread);
	return thread;
}

unsigned long long c_beat(unsigned int n)
{
	struct beat to = {.period = NSEC_PER_MSEC, .stop_after = n};
	struct task_struct *thread;
	unsigned long long taken;

	bench_spin();
	thread = start(&to);
	if (thread)
		bench_await(1);
	taken = bench_taken();
	if (!thread)
		return 0;
	kthread_stop(thread);
	return taken;
}

unsigned long long c_beats(unsigned int n, unsigned int period)
{
	struct beat to = {.period = period * 1000ULL};
	struct task_struct *thread = start(&to);

	if (!thread)
		return 0;
	bench_sleep(n * period + period / 2);
	kthread_stop(thread);
	return to.beats;
}
