// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

#include "body.h"

static int __init pipeline_init(void)
{
	return pipeline_start();
}
module_init(pipeline_init);

static void __exit pipeline_exit(void)
{
	pipeline_stop();
	pr_info("pipeline: %lu made, %lu taken\n", pipeline_made(), pipeline_taken());
}
module_exit(pipeline_exit);

MODULE_DESCRIPTION("A thread that makes values, and one that takes them");
MODULE_LICENSE("GPL");
