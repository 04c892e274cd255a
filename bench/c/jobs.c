// SPDX-License-Identifier: GPL-2.0
/*
 * Many jobs that beat: an hrtimer each, as C has it without a thread for each.
 */
#include <linux/hrtimer.h>
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

static enum hrtimer_restart beat(struct hrtimer *timer)
{
	struct job *job = container_of(timer, struct job, timer);

	job->missed += hrtimer_forward_now(timer, job->period) - 1;
	if (left && !--left)
		bench_reach();
	return HRTIMER_RESTART;
}

static void start_one(struct job *job, unsigned int i)
{
#if KERNEL_VERSION(6, 13, 0) <= LINUX_VERSION_CODE
	hrtimer_setup(&job->timer, beat, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
#else
	hrtimer_init(&job->timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
	job->timer.function = beat;
#endif
	job->period = bench_period(i);
	job->missed = 0;
	hrtimer_start(&job->timer, ktime_add_ns(ktime_get(), job->period), HRTIMER_MODE_ABS);
}

static bool start(unsigned int n)
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
		start_one(job, i);
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

unsigned long long c_jobs(unsigned int n, unsigned int beats)
{
	unsigned long long taken = 0;

	if (start(n)) {
		bench_sleep(1100000);
		bench_spin();
		left = beats;
		bench_await(1);
		taken = bench_taken();
	}
	stop(n);
	return taken;
}

unsigned long long c_jobs_create(unsigned int n)
{
	unsigned long long taken;
	bool started;

	bench_spin();
	started = start(n);
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
		start_one(&block[i], i);
	taken = bench_taken();
	for (i = 0; i < n; ++i)
		hrtimer_cancel(&block[i].timer);
	kfree(block);
	return taken;
}

unsigned long long c_jobs_stop(unsigned int n)
{
	const bool started = start(n);

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
