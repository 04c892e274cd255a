// SPDX-License-Identifier: GPL-2.0
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/sched/debug.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/string.h>
#include <linux/version.h>
#include <linux/workqueue.h>

#include "torture.h"

static unsigned long long seed = 1;
module_param(seed, ullong, 0444);
MODULE_PARM_DESC(seed, "what the operations of all torturers are derived from (default 1)");

static unsigned int torturers = 6;
module_param(torturers, uint, 0444);
MODULE_PARM_DESC(torturers, "how many contexts operate at once (default 6)");

static unsigned int seconds = 60;
module_param(seconds, uint, 0444);
MODULE_PARM_DESC(seconds, "for how long (default 60)");

static unsigned int steps;
module_param(steps, uint, 0444);
MODULE_PARM_DESC(steps,
		 "how many operations each torturer does at most, 0 for any number (default 0)");

static unsigned int interrupt_us = 5000;
module_param(interrupt_us, uint, 0444);
MODULE_PARM_DESC(interrupt_us, "time between two interrupts, 0 for none (default 5000)");

/* A torturer that is stuck has not come any further for too long. */
static const char *state = "running";

static int get_state(char *buffer, const struct kernel_param *kp)
{
	return scnprintf(buffer, PAGE_SIZE, "%s\n", READ_ONCE(state));
}

static const struct kernel_param_ops state_ops = {
	.get = get_state,
};
module_param_cb(state, &state_ops, NULL, 0444);

/* After so many all that come only follow, and it ends. */
#define FAILURES_TOLD 20

static atomic64_t counters[TORTURE_COUNTER_COUNT];

#define TORTURE_NAME(name, what) what,
static const char *const counter_names[] = {TORTURE_COUNTERS(TORTURE_NAME)};

void torture_count(enum torture_counter counter)
{
	atomic64_inc(&counters[counter]);
}

static int get_counts(char *buffer, const struct kernel_param *kp)
{
	int length = 0;
	int i;

	for (i = 0; i < TORTURE_COUNTER_COUNT; i++)
		length += scnprintf(buffer + length, PAGE_SIZE - length, "%lld %s\n",
				    (s64)atomic64_read(&counters[i]), counter_names[i]);
	return length;
}

static const struct kernel_param_ops counts_ops = {
	.get = get_counts,
};
module_param_cb(counts, &counts_ops, NULL, 0444);

static struct torturer {
	struct task_struct *task;
	unsigned long long step;
	unsigned long since; /* jiffies */
	bool through, stuck;
} all[TORTURERS_MAX];

static ktime_t finish;

void torture_failed(const char *file, int line, const char *what, long long left, long long right)
{
	unsigned int i;

	if (atomic64_inc_return(&counters[TORTURE_FAILURES]) > FAILURES_TOLD)
		return;
	pr_err("failure: seed %llu: %s:%d: expected %s, got %lld and %lld\n", seed, kbasename(file),
	       line, what, left, right);
	for (i = 0; i < torturers; i++) {
		if (in_task() && all[i].task == current)
			pr_err("failure: by torturer %u, step %llu: %s\n", i, all[i].step,
			       torture_doing(i));
	}
}

void torture_sleep_us(unsigned int us)
{
	usleep_range(us, us + us / 2);
}

unsigned int torture_cpu(void)
{
	return raw_smp_processor_id();
}

void torture_kill(void)
{
	allow_kernel_signal(SIGKILL);
	send_sig(SIGKILL, current, 1);
}

void torture_revive(void)
{
	flush_signals(current);
	disallow_signal(SIGKILL);
}

static bool is_over(void)
{
	return kthread_should_stop() || ktime_after(ktime_get(), finish) ||
	       atomic64_read(&counters[TORTURE_FAILURES]) > FAILURES_TOLD;
}

static int torture(void *data)
{
	struct torturer *self = data;
	unsigned int i = self - all;

	while (!is_over() && (!steps || self->step < steps)) {
		unsigned long start = jiffies;

		WRITE_ONCE(self->since, start);
		torture_step(i, self->step);
		if (time_after(jiffies, start + TORTURE_PATIENCE_S * HZ))
			torture_failed(__FILE__, __LINE__, "an operation to take less time",
				       jiffies_to_msecs(jiffies - start),
				       TORTURE_PATIENCE_S * MSEC_PER_SEC);
		torture_count(TORTURE_OPERATIONS);
		self->step++;
		cond_resched();
	}
	WRITE_ONCE(self->since, jiffies);
	torture_leave(i);
	/* What it counted is there when this is seen. */
	smp_store_release(&self->through, true);
	return 0;
}

static struct hrtimer timer;
static unsigned long long interrupts;

static ktime_t us(unsigned int n)
{
	return ns_to_ktime((u64)n * NSEC_PER_USEC);
}

static enum hrtimer_restart interrupt(struct hrtimer *unused)
{
	torture_interrupt(interrupts++);
	torture_count(TORTURE_INTERRUPTS);
	/* At odds with whatever else has a period. */
	hrtimer_forward_now(&timer, us(interrupt_us + interrupts % 997));
	return HRTIMER_RESTART;
}

static void watch(struct work_struct *work);
static DECLARE_DELAYED_WORK(watchdog, watch);

/* A lost wake-up is a sleep of an hour, which the kernel does not mind as it is idle. */
static void watch(struct work_struct *work)
{
	bool through = true;
	unsigned int i;

	for (i = 0; i < torturers; i++) {
		struct torturer *torturer = &all[i];
		unsigned long since = READ_ONCE(torturer->since);

		/* Pairs with that of torture(). */
		if (smp_load_acquire(&torturer->through))
			continue;
		through = false;
		if (!torturer->stuck && time_after(jiffies, since + 2 * TORTURE_PATIENCE_S * HZ)) {
			torturer->stuck = true;
			WRITE_ONCE(state, "stuck");
			atomic64_inc(&counters[TORTURE_FAILURES]);
			pr_err("failure: seed %llu: torturer %u does not come to the end of step %llu: %s\n",
			       seed, i, torturer->step, torture_doing(i));
			sched_show_task(torturer->task);
		}
	}
	if (!through)
		schedule_delayed_work(&watchdog, HZ);
	else
		WRITE_ONCE(state, "over");
}

static void stop_torturers(unsigned int count)
{
	while (count--) {
		kthread_stop(all[count].task);
		put_task_struct(all[count].task);
	}
}

static void start_interrupts(void)
{
#if KERNEL_VERSION(6, 13, 0) <= LINUX_VERSION_CODE
	hrtimer_setup(&timer, interrupt, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
#else
	hrtimer_init(&timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	timer.function = interrupt;
#endif
	if (interrupt_us)
		hrtimer_start(&timer, us(interrupt_us), HRTIMER_MODE_REL);
}

static int __init torture_init(void)
{
	unsigned int i;
	int err;

	if (!torturers || torturers > TORTURERS_MAX)
		return -EINVAL;
	err = torture_begin(torturers, seed);
	if (err)
		return err;
	finish = ktime_add_ms(ktime_get(), 1000ull * seconds);
	for (i = 0; i < torturers; i++) {
		all[i].task = kthread_create(torture, &all[i], "torture/%u", i);
		if (IS_ERR(all[i].task)) {
			err = PTR_ERR(all[i].task);
			stop_torturers(i);
			torture_end();
			return err;
		}
		get_task_struct(all[i].task);
	}
	for (i = 0; i < torturers; i++) {
		all[i].since = jiffies;
		wake_up_process(all[i].task);
	}
	start_interrupts();
	schedule_delayed_work(&watchdog, HZ);
	return 0;
}
module_init(torture_init);

static void __exit torture_exit(void)
{
	unsigned int i;

	stop_torturers(torturers);
	hrtimer_cancel(&timer);
	cancel_delayed_work_sync(&watchdog);
	for (i = 0; steps && i < torturers; i++)
		pr_info("torturer %u: %llu steps, trail %016llx\n", i, all[i].step,
			torture_trail(i));
	torture_end();
	for (i = 0; i < TORTURE_COUNTER_COUNT; i++)
		pr_info("%lld %s\n", (s64)atomic64_read(&counters[i]), counter_names[i]);
}
module_exit(torture_exit);

MODULE_DESCRIPTION("Torture of kthreadxx: random operations from many contexts at once");
MODULE_LICENSE("GPL");
