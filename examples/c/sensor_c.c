// SPDX-License-Identifier: GPL-2.0
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/wait.h>

static struct task_struct *poller, *reader;
static DECLARE_WAIT_QUEUE_HEAD(ready);
static atomic_t value; /* 0 if it was read */

/* Looks each 10 ms whether there is a new value. */
static int poll(void *unused)
{
	ktime_t due = ktime_get();

	for (int looks = 1;; ++looks) {
		do
			due = ktime_add_ms(due, 10);
		while (ktime_before(due, ktime_get()));
		set_current_state(TASK_IDLE);
		if (!kthread_should_stop())
			schedule_hrtimeout_range(&due, NSEC_PER_MSEC, HRTIMER_MODE_ABS);
		__set_current_state(TASK_RUNNING);
		if (kthread_should_stop())
			return 0;
		if (looks % 4 == 0 && looks <= 40) {
			atomic_set(&value, looks);
			wake_up(&ready);
		}
	}
}

/* Says each value, and when there was none for a while. */
static int read(void *unused)
{
	for (;;) {
		int now;

		wait_event_idle_timeout(ready, atomic_read(&value) || kthread_should_stop(),
					msecs_to_jiffies(200));
		if (kthread_should_stop())
			return 0;
		now = atomic_xchg(&value, 0);
		if (now)
			pr_info("sensor: %d\n", now);
		else
			pr_info("sensor: silent\n");
	}
}

static int __init sensor_init(void)
{
	reader = kthread_run(read, NULL, "sensor read");
	if (IS_ERR(reader))
		return PTR_ERR(reader);
	poller = kthread_run(poll, NULL, "sensor poll");
	if (IS_ERR(poller)) {
		kthread_stop(reader);
		return PTR_ERR(poller);
	}
	return 0;
}
module_init(sensor_init);

static void __exit sensor_exit(void)
{
	kthread_stop(poller);
	kthread_stop(reader);
}
module_exit(sensor_exit);

MODULE_DESCRIPTION("A poller and a reader, which are threads in C");
MODULE_LICENSE("GPL");
