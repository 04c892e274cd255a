// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <linux/moduleparam.h>

#include "detached.h"

/* The thread may end at once. */
static bool ends;
module_param(ends, bool, 0444);

bool detached_leave;
module_param_named(leave, detached_leave, bool, 0644);

static int __init detached_init(void)
{
	return ends ? detached_at_its_end() : detached_until_told();
}
module_init(detached_init);

/* The thread is none of its business, and keeps the module. */
static void __exit detached_exit(void) {}
module_exit(detached_exit);

MODULE_DESCRIPTION("A module for the tests of kthreadxx, which detaches its thread");
MODULE_LICENSE("GPL");
