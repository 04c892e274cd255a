// SPDX-License-Identifier: GPL-2.0
/*
 * Many jobs that beat: an hrtimer each, as C has it without a thread for each.
 */
#include <linux/hrtimer.h>
#include <linux/math64.h>
#include <linux/slab.h>
#include <linux/version.h>

#include "bench.h"

struct job {
	struct hrtimer timer;
	u64 period;
	u64 missed;
};

static struct job **jobs;
static unsigned int left;

static void beaten(void)
{
	if (left && !--left)
		bench_reach();
}

static enum hrtimer_restart beat_exactly(struct hrtimer *timer)
{
	struct job *job = container_of(timer, struct job, timer);

	job->missed += hrtimer_forward_now(timer, job->period) - 1;
	beaten();
	return HRTIMER_RESTART;
}

/* hrtimer_forward() does nothing for a timer that comes with another, before its slack is over. */
static enum hrtimer_restart beat(struct hrtimer *timer)
{
	struct job *job = container_of(timer, struct job, timer);
	ktime_t due = ktime_add_ns(hrtimer_get_softexpires(timer), job->period);
	ktime_t now = ktime_get();

	if (due <= now) {
		u64 skipped = div64_u64(now - due, job->period) + 1;

		job->missed += skipped;
		due = ktime_add_ns(due, skipped * job->period);
	}
	hrtimer_set_expires_range_ns(timer, due, NSEC_PER_MSEC);
	beaten();
	return HRTIMER_RESTART;
}

static void start_one(struct job *job, unsigned int i, bool exact)
{
	typeof(beat) *function = exact ? beat_exactly : beat;

#if KERNEL_VERSION(6, 13, 0) <= LINUX_VERSION_CODE
	hrtimer_setup(&job->timer, function, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
#else
	hrtimer_init(&job->timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
	job->timer.function = function;
#endif
	job->period = bench_period(i);
	job->missed = 0;
	hrtimer_start_range_ns(&job->timer, ktime_add_ns(ktime_get(), job->period),
			       exact ? 0 : NSEC_PER_MSEC, HRTIMER_MODE_ABS);
}

static bool start(unsigned int n, bool exact)
{
	unsigned int i;

	jobs = bench_memory(n * sizeof(*jobs));
	if (!jobs)
		return false;
	for (i = 0; i < n; ++i) {
		struct job *job = kmalloc(sizeof(*job), GFP_KERNEL);

		if (!job)
			return false;
		jobs[i] = job;
		start_one(job, i, exact);
	}
	return true;
}

static void stop(unsigned int n)
{
	unsigned int i;

	for (i = 0; jobs && i < n && jobs[i]; ++i) {
		hrtimer_cancel(&jobs[i]->timer);
		kfree(jobs[i]);
	}
	bench_free(jobs);
}

static u64 measure(unsigned int n, unsigned int beats, bool exact)
{
	u64 taken = 0;

	if (start(n, exact)) {
		bench_sleep(1100000);
		bench_spin();
		left = beats;
		bench_await(1);
		taken = bench_taken();
	}
	stop(n);
	return taken;
}

unsigned long long c_jobs(unsigned int n, unsigned int beats)
{
	return measure(n, beats, false);
}

unsigned long long c_jobs_exact(unsigned int n, unsigned int beats)
{
	return measure(n, beats, true);
}

unsigned long long c_jobs_create(unsigned int n)
{
	unsigned long long taken;
	bool started;

	bench_spin();
	started = start(n, false);
	taken = bench_taken();
	stop(n);
	return taken * started;
}

unsigned long long c_jobs_create_in_one(unsigned int n)
{
	unsigned long long taken;
	struct job *block;
	unsigned int i;

	bench_spin();
	block = kmalloc_array(n, sizeof(*block), GFP_KERNEL);
	if (!block)
		return 0;
	for (i = 0; i < n; ++i)
		start_one(&block[i], i, false);
	taken = bench_taken();
	for (i = 0; i < n; ++i)
		hrtimer_cancel(&block[i].timer);
	kfree(block);
	return taken;
}

unsigned long long c_jobs_stop(unsigned int n)
{
	const bool started = start(n, false);

	bench_spin();
	stop(n);
	return bench_taken() * started;
}

unsigned long long c_jobs_bytes(unsigned int n)
{
	return bench_allocated(sizeof(struct job));
}

/* The memory of a call that has a frame on the heap. */
unsigned long long c_jobs_call(unsigned int n)
{
	unsigned int i;

	bench_spin();
	for (i = 0; i < n; ++i)
		kfree(kmalloc(144, GFP_KERNEL));
	return bench_taken();
}
