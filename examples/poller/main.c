// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <linux/moduleparam.h>

#include "body.h"

static unsigned int period_ms = 100;
/* Whether there is a poller. The kernel's lock of the parameters guards it. */
static bool running;

static int set_period(const char *text, const struct kernel_param *kp)
{
	unsigned int period;
	int err = kstrtouint(text, 0, &period);

	if (!err && !period)
		err = -EINVAL;
	if (!err && running)
		err = poller_set_period(period);
	if (!err)
		period_ms = period;
	return err;
}

static const struct kernel_param_ops period_ops = {
	.set = set_period,
	.get = param_get_uint,
};
module_param_cb(period_ms, &period_ops, &period_ms, 0644);
MODULE_PARM_DESC(period_ms, "milliseconds between two polls, not 0 (default 100)");

static int __init poller_init(void)
{
	int err;

	kernel_param_lock(THIS_MODULE);
	err = poller_start(period_ms);
	running = !err;
	kernel_param_unlock(THIS_MODULE);
	return err;
}
module_init(poller_init);

static void __exit poller_exit(void)
{
	kernel_param_lock(THIS_MODULE);
	running = false;
	kernel_param_unlock(THIS_MODULE);
	pr_info("poller: %lu polls\n", poller_polls());
	poller_stop();
}
module_exit(poller_exit);

MODULE_DESCRIPTION("A thread that polls, with a period that can be changed");
MODULE_LICENSE("GPL");
