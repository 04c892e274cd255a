// SPDX-License-Identifier: GPL-2.0
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/math64.h>
#include <linux/rcupdate.h>
#include <linux/sched/task.h>

#include "bench.h"

struct beat {
	/* Others change these two, and wake the thread. */
	s64 period;
	bool is_restarted;

	s64 last_period;
	ktime_t last;
	s64 late;
	unsigned int stop_after;
	u64 beats;
	u64 missed;
};

static bool has_changed(const struct beat *beat, s64 period)
{
	return READ_ONCE(beat->period) != period || READ_ONCE(beat->is_restarted);
}

/* A beat that is late already stays late when the period changes. */
static ktime_t next_due(struct beat *beat, s64 period)
{
	if (READ_ONCE(beat->is_restarted)) {
		WRITE_ONCE(beat->is_restarted, false);
		beat->last = ktime_get();
	} else if (period != beat->last_period) {
		ktime_t now = ktime_get();

		if (ktime_add_ns(beat->last, beat->last_period) <= now)
			period = beat->last_period;
		else
			beat->last = max(beat->last, ktime_sub_ns(now, period));
	}
	beat->last_period = period;
	return ktime_add_ns(beat->last, period);
}

/* False if the thread shall stop. */
static bool wait_for_beat(struct beat *beat)
{
	while (!kthread_should_stop()) {
		s64 period = READ_ONCE(beat->period);
		ktime_t due = next_due(beat, period);
		bool is_over = false;
		u64 skipped;

		set_current_state(TASK_IDLE | TASK_FREEZABLE);
		if (!has_changed(beat, period) && !kthread_should_stop() && !kthread_should_park())
			is_over = !schedule_hrtimeout(&due, HRTIMER_MODE_ABS);
		__set_current_state(TASK_RUNNING);
		if (kthread_should_park())
			kthread_parkme();
		if (!is_over)
			continue;
		if (kthread_should_stop())
			break;
		/*
		 * A time that was over before gave nobody else a turn. A thread that is always late
		 * would hold up RCU-tasks, and with it ftrace and BPF.
		 */
		cond_resched_tasks_rcu_qs();
		beat->late = ktime_sub(ktime_get(), due);
		skipped = div64_u64(beat->late, beat->last_period);
		beat->missed += skipped;
		beat->last = ktime_add_ns(due, skipped * beat->last_period);
		return true;
	}
	return false;
}

static int beat(void *data)
{
	struct beat *beat = data;

	beat->last_period = beat->period;
	beat->last = ktime_get();
	while (wait_for_beat(beat)) {
		if (++beat->beats == beat->stop_after)
			bench_reach();
	}
	return 0;
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
	struct beat to = {.period = period * (s64)NSEC_PER_USEC};
	struct task_struct *thread = start(&to);

	if (!thread)
		return 0;
	bench_sleep(n * period + period / 2);
	kthread_stop(thread);
	return to.beats;
}
