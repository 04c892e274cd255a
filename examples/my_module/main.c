// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

#include "body.h"

static unsigned int period_us = 10000;
module_param(period_us, uint, 0444);
MODULE_PARM_DESC(period_us, "microseconds between two beats");

static int get_beats(char *buffer, const struct kernel_param *param)
{
	return sysfs_emit(buffer, "%lu\n", my_module_beats());
}

static const struct kernel_param_ops beats_ops = {
	.get = get_beats,
};
module_param_cb(beats, &beats_ops, NULL, 0444);
MODULE_PARM_DESC(beats, "how often the thread has beaten");

static int __init my_module_init(void)
{
	return period_us ? my_module_start(period_us) : -EINVAL;
}
module_init(my_module_init);

static void __exit my_module_exit(void)
{
	my_module_stop();
	pr_info("my_module: %lu beats\n", my_module_beats());
}
module_exit(my_module_exit);

MODULE_DESCRIPTION("A thread that beats");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1");
