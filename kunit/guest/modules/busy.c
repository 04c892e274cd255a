// SPDX-License-Identifier: GPL-2.0
#include <linux/err.h>
#include <linux/freezer.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "busy.h"

static char *body = "";
module_param(body, charp, 0444);
MODULE_PARM_DESC(body, "which thread");

unsigned long busy_rounds;
module_param_named(rounds, busy_rounds, ulong, 0444);

unsigned long drain_ms;
module_param(drain_ms, ulong, 0444);

bool drained_while_freezing;
module_param(drained_while_freezing, bool, 0444);

bool busy_is_freezing(void)
{
	return static_branch_unlikely(&freezer_active);
}

static int request_stop(const char *value, const struct kernel_param *kp)
{
	busy_request_stop();
	return 0;
}

static const struct kernel_param_ops stop_ops = {
	.set = request_stop,
};
module_param_cb(stop, &stop_ops, NULL, 0200);

static struct task_struct *starving;

/*
 * A thread that never tells RCU-tasks anything, as the other threads would be without the library.
 */
static int starve(void *unused)
{
	while (!kthread_should_stop()) {
		busy_rounds++;
		cond_resched();
	}
	return 0;
}

static int __init busy_init(void)
{
	if (strcmp(body, "starving"))
		return busy_start(body);
	starving = kthread_run(starve, NULL, "starving");
	return PTR_ERR_OR_ZERO(starving);
}
module_init(busy_init);

static void __exit busy_exit(void)
{
	if (starving)
		kthread_stop(starving);
	else
		busy_stop();
}
module_exit(busy_exit);

MODULE_DESCRIPTION("Threads of kthreadxx that always have something to do");
MODULE_LICENSE("GPL");
