// SPDX-License-Identifier: GPL-2.0
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/version.h>

#include "priority.h"

static unsigned int rounds = 200;
module_param(rounds, uint, 0444);
MODULE_PARM_DESC(rounds, "how often a latency is measured in a run (default 200)");

static unsigned int runs = 6;
module_param(runs, uint, 0444);
MODULE_PARM_DESC(runs, "how many runs of each kind there are (default 6)");

static const struct priority_side *side;
static void (*in_between)(void);

static struct hrtimer timer, alarm;
static struct task_struct *hog;
static unsigned int round, step_ns;
static bool armed, woken;
static ktime_t queued;
static u64 worst, total;
static unsigned int measured;

static void measure(void)
{
	u64 latency = ktime_to_ns(ktime_sub(ktime_get(), queued));

	worst = max(worst, latency);
	total += latency;
	WRITE_ONCE(measured, measured + 1);
}

static enum hrtimer_restart queue_measured(struct hrtimer *unused)
{
	queued = ktime_get();
	side->queue();
	return HRTIMER_NORESTART;
}

static struct kthread_worker *worker;
static void (*measured_call)(void);

static void call_measured(struct kthread_work *unused)
{
	measured_call();
}

static void do_nothing(struct kthread_work *unused) {}

static DEFINE_KTHREAD_WORK(measured_work, call_measured);
static DEFINE_KTHREAD_WORK(other_work, do_nothing);
static DEFINE_KTHREAD_DELAYED_WORK(later_work, do_nothing);

static int c_begin(void (*call)(void))
{
	measured_call = call;
	worker = kthread_create_worker_on_cpu(0, 0, "fifo");
	if (IS_ERR(worker))
		return PTR_ERR(worker);
	sched_set_fifo(worker->task);
	return 0;
}

static void c_queue(void)
{
	kthread_queue_work(worker, &measured_work);
}

static void c_produce(void)
{
	kthread_queue_work(worker, &other_work);
}

static void c_cancel(void)
{
	kthread_queue_work(worker, &other_work);
	kthread_cancel_work_sync(&other_work);
	kthread_queue_delayed_work(worker, &later_work, 3600 * HZ);
	kthread_cancel_delayed_work_sync(&later_work);
}

static void c_end(void)
{
	kthread_destroy_worker(worker);
}

static const struct priority_side c = {
	.name = "kthread_worker",
	.begin = c_begin,
	.queue = c_queue,
	.produce = c_produce,
	.cancel = c_cancel,
	.end = c_end,
};

static void sleep_until_woken(void)
{
	set_current_state(TASK_UNINTERRUPTIBLE);
	if (!READ_ONCE(woken))
		schedule();
	__set_current_state(TASK_RUNNING);
	WRITE_ONCE(woken, false);
}

static enum hrtimer_restart wake_hog(struct hrtimer *unused)
{
	WRITE_ONCE(woken, true);
	wake_up_process(hog);
	return HRTIMER_NORESTART;
}

/* No timer comes earlier than that, as the kernel has to set it. */
#define ALARM_NS 2500

/* The hog starts this long after the call: a bit later in each round. */
static int be_normal(void *unused)
{
	while (!kthread_should_stop()) {
		if (xchg(&armed, false)) {
			u64 ns = ALARM_NS + round * step_ns;

			hrtimer_start(&alarm, ns_to_ktime(ns), HRTIMER_MODE_REL_HARD);
			ndelay(ALARM_NS - 500);
		}
		in_between();
		cond_resched();
	}
	return 0;
}

/*
 * Each round preempts the normal thread somewhere else, and keeps it from the CPU for 200 us.
 * The item that is queued meanwhile is for the worker, which may run at once.
 */
static int be_hog(void *done)
{
	ktime_t end;

	for (round = 0; round < rounds; round++) {
		xchg(&armed, true);
		sleep_until_woken();
		hrtimer_start(&timer, ns_to_ktime(100000), HRTIMER_MODE_REL_HARD);
		end = ktime_add_us(ktime_get(), 200);
		while (ktime_before(ktime_get(), end))
			cpu_relax();
		while (READ_ONCE(measured) == round)
			usleep_range(50, 100);
	}
	complete(done);
	return 0;
}

static int compare(const struct priority_side *of, const char *what, void (*between)(void),
		   unsigned int step)
{
	DECLARE_COMPLETION_ONSTACK(done);
	struct task_struct *normal;
	int err;

	side = of;
	in_between = between;
	step_ns = step;
	worst = 0;
	total = 0;
	measured = 0;
	err = side->begin(measure);
	if (err)
		return err;
	normal = kthread_create_on_cpu(be_normal, NULL, 0, "normal");
	hog = kthread_create_on_cpu(be_hog, &done, 0, "hog");
	if (IS_ERR(normal) || IS_ERR(hog))
		return -ENOMEM;
	sched_set_fifo_low(hog);
	wake_up_process(normal);
	wake_up_process(hog);
	wait_for_completion(&done);
	kthread_stop(normal);
	side->end();
	pr_info("%s %s worst %llu mean %llu ns of %u\n", what, side->name, worst,
		div_u64(total, rounds), measured);
	return 0;
}

static void prepare(struct hrtimer *of, enum hrtimer_restart (*expired)(struct hrtimer *))
{
#if KERNEL_VERSION(6, 13, 0) <= LINUX_VERSION_CODE
	hrtimer_setup(of, expired, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
#else
	hrtimer_init(of, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
	of->function = expired;
#endif
}

static int __init priority_init(void)
{
	unsigned int run;
	int err = 0;

	prepare(&timer, queue_measured);
	prepare(&alarm, wake_hog);
	for (run = 0; !err && run < runs; run++) {
		err = compare(&c, "canceller", c.cancel, 61) ?:
		      compare(&priority_cxx, "canceller", priority_cxx.cancel, 61) ?:
		      compare(&c, "producer", c.produce, 5) ?:
		      compare(&priority_cxx, "producer", priority_cxx.produce, 5);
	}
	return err;
}
module_init(priority_init);

static void __exit priority_exit(void) {}
module_exit(priority_exit);

MODULE_DESCRIPTION("Latency of a worker of high priority, beside kthread_worker");
MODULE_LICENSE("GPL");
