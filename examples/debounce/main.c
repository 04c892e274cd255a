// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <linux/moduleparam.h>

#include "body.h"

/* Whether there is a worker. The kernel's lock of the parameters guards it. */
static bool running;

void debounce_begins(void)
{
	pr_info("debounce: begins\n");
}

void debounce_is_over(unsigned int events)
{
	pr_info("debounce: %u events\n", events);
}

static int event(const char *text, const struct kernel_param *kp)
{
	if (!running)
		return -ENODEV;
	debounce_event();
	return 0;
}

static const struct kernel_param_ops event_ops = {
	.set = event,
};
module_param_cb(event, &event_ops, NULL, 0200);
MODULE_PARM_DESC(event, "each write is an event");

static int __init debounce_init(void)
{
	int err;

	kernel_param_lock(THIS_MODULE);
	err = debounce_start();
	running = !err;
	kernel_param_unlock(THIS_MODULE);
	return err;
}
module_init(debounce_init);

static void __exit debounce_exit(void)
{
	kernel_param_lock(THIS_MODULE);
	running = false;
	kernel_param_unlock(THIS_MODULE);
	debounce_stop();
}
module_exit(debounce_exit);

MODULE_DESCRIPTION("A work item at the first event, and one after the last");
MODULE_LICENSE("GPL");
