// SPDX-License-Identifier: GPL-2.0
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>

#include "heartbeat.h"

static unsigned int period_us = 1000000;
module_param(period_us, uint, 0444);
MODULE_PARM_DESC(period_us, "microseconds between two beats, 1 to 4294967295 (default 1000000)");

static int __init kthreadxx_init(void)
{
	int err;

	if (!period_us) {
		pr_err("period_us=0 is not accepted: 1 to %u microseconds\n", UINT_MAX);
		return -EINVAL;
	}
	pr_info("loaded: period %u us\n", period_us);
	err = heartbeat_start(period_us);
	if (err)
		pr_err("the thread was not created: errno %d\n", -err);
	return err;
}
module_init(kthreadxx_init);

static void __exit kthreadxx_exit(void)
{
	heartbeat_stop();
	pr_info("unloaded\n");
}
module_exit(kthreadxx_exit);

MODULE_AUTHOR("The kthreadxx developers");
MODULE_DESCRIPTION("Kernel threads in C++: a thread that beats");
MODULE_VERSION("0.1.0");
MODULE_LICENSE("GPL");
