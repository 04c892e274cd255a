// SPDX-License-Identifier: GPL-2.0
/* Over 500 lines, as it is one file beside one file of C++. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpumask.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/math64.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "main/heartbeat.h"

struct beater {
	struct list_head node;
	struct task_struct *task;
	unsigned int id;
	bool parked;
	bool offline;

	/* What others tell the thread, which they wake then. */
	bool begun;
	bool stopping;
	s64 start; /* of the time anew, or S64_MIN */
	s64 period;
	bool forgotten; /* what was measured; the thread does it */

	s64 last_period;
	ktime_t last;

	/* Written by the thread only, and read by any. */
	u64 missed_before; /* the thread forgot the rest */
	struct {
		u64 beats;
		u64 missed;
		u64 min;
		u64 max;
		u64 sum;
		unsigned long long latency[HEARTBEAT_BUCKETS];
	} measured;
	u64 missed;

	char name[TASK_COMM_LEN + sizeof("/4294967295")];
};

static const struct heartbeat_options *options;
static cpumask_var_t cpus;
static LIST_HEAD(beaters);
static unsigned int size;
static unsigned int period_us;
static unsigned int log_every;
static unsigned int breaktrace;
static bool paused;

static void park_if_asked(void)
{
	if (kthread_should_park())
		kthread_parkme();
}

static bool wait_to_begin(const struct beater *beater)
{
	for (;;) {
		set_current_state(TASK_IDLE);
		if (READ_ONCE(beater->begun) || READ_ONCE(beater->stopping))
			break;
		if (!kthread_should_park())
			schedule();
		__set_current_state(TASK_RUNNING);
		park_if_asked();
	}
	__set_current_state(TASK_RUNNING);
	return !READ_ONCE(beater->stopping);
}

static bool has_news(const struct beater *beater, s64 period)
{
	return READ_ONCE(beater->stopping) || READ_ONCE(beater->start) != S64_MIN ||
	       READ_ONCE(beater->period) != period || kthread_should_park();
}

/* When the next beat is due, with the period that is wanted now. */
static ktime_t next_due(struct beater *beater, s64 period)
{
	if (READ_ONCE(beater->start) != S64_MIN) {
		beater->last = xchg(&beater->start, S64_MIN);
	} else if (period != beater->last_period) {
		ktime_t now = ktime_get();

		/* What is late already stays late. */
		if (ktime_add_ns(beater->last, beater->last_period) <= now)
			period = beater->last_period;
		else if (beater->last < now - period)
			beater->last = now - period;
	}
	beater->last_period = period;
	return ktime_add_ns(beater->last, period);
}

/* How late the beat is, or -1 if the thread shall stop. */
static s64 wait_for_beat(struct beater *beater)
{
	while (!READ_ONCE(beater->stopping)) {
		s64 wanted = READ_ONCE(beater->period);
		ktime_t due = next_due(beater, wanted);
		bool over = false;
		u64 skipped;
		s64 late;

		set_current_state(TASK_IDLE);
		if (!has_news(beater, wanted))
			over = !schedule_hrtimeout(&due, HRTIMER_MODE_ABS);
		__set_current_state(TASK_RUNNING);
		if (!over) {
			park_if_asked();
			continue;
		}
		/* A time that was over before gave nobody else a turn. */
		cond_resched();
		if (READ_ONCE(beater->stopping))
			break;
		late = ktime_sub(ktime_get(), due);
		skipped = div64_u64(late, beater->last_period);
		beater->missed += skipped;
		beater->last = ktime_add_ns(due, beater->last_period * skipped);
		return late;
	}
	return -1;
}

static __cold void forget(struct beater *beater)
{
	memset(&beater->measured, 0, sizeof(beater->measured));
	beater->missed_before = beater->missed;
	/* Pairs with get_status(), which reads none of it before. */
	smp_store_release(&beater->forgotten, false);
}

static void beat(struct beater *beater, u64 late)
{
	unsigned int bucket = heartbeat_bucket(late);
	unsigned int log = READ_ONCE(log_every);
	unsigned int from = READ_ONCE(breaktrace);
	typeof(beater->measured) *measured = &beater->measured;
	u64 number, missed;
	bool highest;
	u32 rest;

	if (READ_ONCE(beater->forgotten))
		forget(beater);
	number = measured->beats + 1;
	missed = beater->missed - beater->missed_before;
	highest = late > measured->max;
	if (number == 1 || late < measured->min)
		WRITE_ONCE(measured->min, late);
	if (highest)
		WRITE_ONCE(measured->max, late);
	WRITE_ONCE(measured->sum, measured->sum + late);
	WRITE_ONCE(measured->latency[bucket], measured->latency[bucket] + 1);
	WRITE_ONCE(measured->missed, missed);
	/* Pairs with get_status(): what was counted before is seen with it. */
	smp_store_release(&measured->beats, number);
	heartbeat_trace_beat(number, late, missed);
	if (from && highest && late >= (u64)from * NSEC_PER_USEC)
		heartbeat_new_max(beater->name, number, late, missed);
	if (!log)
		return;
	div_u64_rem(number - 1, log, &rest);
	if (!rest)
		heartbeat_log_beat(beater->name, number, late);
}

/* Begins to count the time anew. */
static void restart(struct beater *beater)
{
	s64 start = ktime_get();
	s64 period = READ_ONCE(beater->period);

	if (options->phase_us >= 0) {
		u32 us, phase;

		us = div_u64(period, NSEC_PER_USEC);
		div_u64_rem((u64)options->phase_us * beater->id, us, &phase);
		start -= (start + period - (s64)phase * NSEC_PER_USEC) % period;
	}
	WRITE_ONCE(beater->start, start);
}

static bool is_bound(void)
{
	return options->per_cpu || !cpumask_empty(cpus);
}

static int run(void *data)
{
	struct beater *beater = data;
	s64 late;

	if (!wait_to_begin(beater))
		return 0;
	if (options->priority)
		heartbeat_set_priority(options->priority);
	restart(beater);
	pr_info("%s: running\n", beater->name);
	heartbeat_trace_start(beater->name, beater->task->pid);
	while ((late = wait_for_beat(beater)) >= 0) {
		beat(beater, late);
		if (is_bound())
			heartbeat_bind_again(options->per_cpu ? beater->id : -1);
	}
	heartbeat_trace_stop(beater->measured.beats, beater->measured.missed);
	return 0;
}

static __cold int bind(const struct beater *beater)
{
	int err = set_cpus_allowed_ptr(beater->task,
				       options->per_cpu ? cpumask_of(beater->id) : cpus);

	/* As kthread_bind() has it, which is for threads that have not run. */
	if (!err)
		beater->task->flags |= PF_NO_SETAFFINITY;
	return err;
}

static __cold void schedule_as_wanted(struct task_struct *task)
{
	switch (options->policy) {
	case HEARTBEAT_FIFO:
		sched_set_fifo(task);
		break;
	case HEARTBEAT_FIFO_LOW:
		sched_set_fifo_low(task);
		break;
	default:
		sched_set_normal(task, options->nice);
	}
}

static __cold void get_status(const struct beater *beater, struct heartbeat_status *status)
{
	const typeof(beater->measured) *measured = &beater->measured;

	*status = (struct heartbeat_status){
		.name = beater->name,
		.pid = beater->task->pid,
		.cpu = task_cpu(beater->task),
		.state = task_state_to_char(beater->task),
	};
	/* Pairs with forget(). */
	if (smp_load_acquire(&beater->forgotten))
		return;
	/* Pairs with beat(). */
	status->beats = smp_load_acquire(&measured->beats);
	status->missed = READ_ONCE(measured->missed);
	status->min_ns = READ_ONCE(measured->min);
	status->mean_ns = status->beats ? div64_u64(READ_ONCE(measured->sum), status->beats) : 0;
	status->max_ns = READ_ONCE(measured->max);
	status->latency = measured->latency;
}

static __cold void ask_to_stop(struct beater *beater)
{
	WRITE_ONCE(beater->stopping, true);
	wake_up_process(beater->task);
}

static __cold void join(struct beater *beater)
{
	int code = kthread_stop(beater->task);
	struct heartbeat_status status;

	if (beater->begun) {
		get_status(beater, &status);
		pr_info("%s: stopped, result %d: %llu beats, %llu missed, latency %llu/%llu/%llu us\n",
			beater->name, code, status.beats, status.missed,
			status.min_ns / NSEC_PER_USEC, status.mean_ns / NSEC_PER_USEC,
			status.max_ns / NSEC_PER_USEC);
	}
	put_task_struct(beater->task);
	kfree(beater);
}

static __cold void stop_all(struct list_head *list)
{
	struct beater *beater, *next;

	list_for_each_entry(beater, list, node)
		ask_to_stop(beater);
	list_for_each_entry_safe(beater, next, list, node)
		join(beater);
}

static __cold struct beater *create(unsigned int id)
{
	struct beater *beater = kzalloc(sizeof(*beater), GFP_KERNEL);
	struct task_struct *task;
	int err;

	if (!beater)
		return ERR_PTR(-ENOMEM);
	beater->id = id;
	beater->period = (s64)period_us * NSEC_PER_USEC;
	beater->last_period = beater->period;
	beater->start = S64_MIN;
	snprintf(beater->name, sizeof(beater->name), "%s/%u", options->name, id);
	task = kthread_create_on_node(run, beater, options->node, "%s", beater->name);
	if (IS_ERR(task)) {
		kfree(beater);
		return ERR_CAST(task);
	}
	beater->task = get_task_struct(task);
	if (options->method == HEARTBEAT_RUN)
		wake_up_process(task);
	if (is_bound()) {
		err = bind(beater);
		if (err) {
			join(beater);
			return ERR_PTR(err);
		}
	}
	schedule_as_wanted(task);
	/* It waits for begin() then, where it counts for no load average. */
	wake_up_process(task);
	return beater;
}

static __cold void park(struct beater *beater, bool wanted)
{
	if (wanted == beater->parked)
		return;
	if (wanted) {
		kthread_park(beater->task);
	} else {
		restart(beater);
		kthread_unpark(beater->task);
	}
	beater->parked = wanted;
	heartbeat_trace_park(beater->name, beater->task->pid, wanted);
}

static __cold void begin(struct beater *beater)
{
	park(beater, paused);
	pr_info("%s: created, pid %d\n", beater->name, beater->task->pid);
	WRITE_ONCE(beater->begun, true);
	wake_up_process(beater->task);
}

/* All of them, or none. */
static __cold int make(struct list_head *made, unsigned int count)
{
	unsigned int i;
	int cpu = -1;

	for (i = 0; i < count; ++i) {
		struct beater *beater;
		unsigned int id = size + i;

		if (options->per_cpu) {
			cpu = heartbeat_next_cpu(cpu);
			id = cpu;
		}
		beater = create(id);
		if (IS_ERR(beater)) {
			pr_err("threads=%u: %u of them were made, the next one not: errno %ld\n",
			       size + count, size + i, -PTR_ERR(beater));
			stop_all(made);
			return PTR_ERR(beater);
		}
		list_add_tail(&beater->node, made);
	}
	return 0;
}

static __cold void keep(unsigned int threads)
{
	struct beater *beater;
	LIST_HEAD(kept);
	unsigned int i = 0;

	list_for_each_entry(beater, &beaters, node) {
		if (++i == threads)
			break;
	}
	list_cut_position(&kept, &beaters, &beater->node);
	stop_all(&beaters);
	list_replace(&kept, &beaters);
	size = threads;
}

__cold int heartbeat_set_threads(unsigned int threads)
{
	struct beater *beater;
	LIST_HEAD(made);
	int err;

	if (threads < size)
		keep(threads);
	if (threads <= size)
		return 0;
	err = make(&made, threads - size);
	if (err)
		return err;
	if (!size)
		pr_info("loaded: %u threads, period %u us\n", threads, period_us);
	list_for_each_entry(beater, &made, node)
		begin(beater);
	list_splice_tail(&made, &beaters);
	size = threads;
	return 0;
}

__cold int heartbeat_start(const struct heartbeat_options *wanted, unsigned int threads,
			   unsigned int period, unsigned int log, unsigned int from, bool pause)
{
	int err;

	if (wanted->method == HEARTBEAT_TASK)
		return -EOPNOTSUPP;
	if (!zalloc_cpumask_var(&cpus, GFP_KERNEL))
		return -ENOMEM;
	err = cpulist_parse(wanted->cpus, cpus);
	if (err)
		goto free;
	options = wanted;
	period_us = period;
	log_every = log;
	breaktrace = from;
	paused = pause;
	err = heartbeat_set_threads(threads);
	if (err)
		goto free;
	return 0;
free:
	free_cpumask_var(cpus);
	return err;
}

__cold void heartbeat_stop(void)
{
	stop_all(&beaters);
	free_cpumask_var(cpus);
}

__cold int heartbeat_set_period(unsigned int period)
{
	struct beater *beater;

	period_us = period;
	list_for_each_entry(beater, &beaters, node) {
		WRITE_ONCE(beater->period, (s64)period * NSEC_PER_USEC);
		if (options->phase_us >= 0)
			restart(beater);
		wake_up_process(beater->task);
	}
	return 0;
}

__cold int heartbeat_set_log(unsigned int log)
{
	WRITE_ONCE(log_every, log);
	return 0;
}

__cold int heartbeat_set_breaktrace(unsigned int from)
{
	WRITE_ONCE(breaktrace, from);
	return 0;
}

__cold int heartbeat_reset(unsigned int unused)
{
	struct beater *beater;

	list_for_each_entry(beater, &beaters, node)
		WRITE_ONCE(beater->forgotten, true);
	return 0;
}

__cold int heartbeat_set_paused(unsigned int pause)
{
	struct beater *beater;

	paused = pause;
	list_for_each_entry(beater, &beaters, node)
		park(beater, paused || beater->offline);
	return 0;
}

__cold void heartbeat_cpu_offline(unsigned int cpu)
{
	struct beater *beater;

	if (!options->per_cpu)
		return;
	list_for_each_entry(beater, &beaters, node) {
		if (beater->id == cpu) {
			beater->offline = true;
			park(beater, true);
		}
	}
}

__cold void heartbeat_cpu_online(unsigned int cpu)
{
	struct beater *beater;

	if (!options->per_cpu)
		return;
	list_for_each_entry(beater, &beaters, node) {
		if (beater->id == cpu) {
			beater->offline = false;
			park(beater, paused);
		}
	}
}

__cold void heartbeat_for_each(void (*show)(const struct heartbeat_status *status, void *data),
			       void *data)
{
	const struct beater *beater;

	list_for_each_entry(beater, &beaters, node) {
		struct heartbeat_status status;

		get_status(beater, &status);
		show(&status, data);
	}
}

/* It has no tasks. */
__cold int heartbeat_each_task(void (*show)(const struct heartbeat_task *task, void *data),
			       void *data)
{
	return 0;
}
