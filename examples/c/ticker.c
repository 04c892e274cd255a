// SPDX-License-Identifier: GPL-2.0
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/module.h>

static atomic_long_t ticks;
static struct task_struct *thread;

static int tick(void *unused)
{
	ktime_t due = ktime_get();

	for (;;) {
		due = ktime_add_ms(due, 10);
		set_current_state(TASK_IDLE);
		if (!kthread_should_stop())
			schedule_hrtimeout(&due, HRTIMER_MODE_ABS);
		__set_current_state(TASK_RUNNING);
		if (kthread_should_stop())
			return 0;
		atomic_long_inc(&ticks);
	}
}

static int __init ticker_init(void)
{
	thread = kthread_run(tick, NULL, "ticker");
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	return 0;
}
module_init(ticker_init);

static void __exit ticker_exit(void)
{
	kthread_stop(thread);
	pr_info("ticker: %ld ticks\n", atomic_long_read(&ticks));
}
module_exit(ticker_exit);

MODULE_DESCRIPTION("A thread that ticks, in C");
MODULE_LICENSE("GPL");
