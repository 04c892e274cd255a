// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <linux/moduleparam.h>

#include "detached.h"

bool detached_leave;
module_param_named(leave, detached_leave, bool, 0644);

static int __init detached_init(void)
{
	return detached_start();
}
module_init(detached_init);

/* The threads are none of its business, and keep the module. */
static void __exit detached_exit(void) {}
module_exit(detached_exit);

MODULE_DESCRIPTION("A module for the tests of kthreadxx, which detaches its threads");
MODULE_LICENSE("GPL");
