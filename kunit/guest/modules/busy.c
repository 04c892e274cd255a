// SPDX-License-Identifier: GPL-2.0
#include <linux/device.h>
#include <linux/err.h>
#include <linux/freezer.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/pm_domain.h>
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

bool ended_while_freezing;
module_param(ended_while_freezing, bool, 0444);

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

/* A caller that waits for an item holds it, and a device takes it when it suspends. */
static DEFINE_MUTEX(flushing);

void busy_flush_with_lock(void)
{
	mutex_lock(&flushing);
	busy_flush();
	mutex_unlock(&flushing);
}

/* No parameter is written, as that would keep others from being read. */
static ssize_t flush_store(struct device *dev, struct device_attribute *attr, const char *value,
			   size_t size)
{
	busy_flush_with_lock();
	return size;
}
static DEVICE_ATTR_WO(flush);

/* It tries for a time: mutex_lock() would wait for ever if the mutex had a frozen holder. */
static int suspend(struct device *device)
{
	if (!mutex_trylock(&flushing))
		return -EBUSY;
	mutex_unlock(&flushing);
	return 0;
}

static struct dev_pm_domain domain = {
	.ops.suspend = suspend,
};

static struct device *device;
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
	int err;

	if (strcmp(body, "starving")) {
		device = root_device_register("busy");
		if (IS_ERR(device))
			return PTR_ERR(device);
		dev_pm_domain_set(device, &domain);
		err = device_create_file(device, &dev_attr_flush);
		if (!err)
			err = busy_start(body);
		if (err)
			root_device_unregister(device);
		return err;
	}
	starving = kthread_run(starve, NULL, "starving");
	return PTR_ERR_OR_ZERO(starving);
}
module_init(busy_init);

static void __exit busy_exit(void)
{
	if (starving) {
		kthread_stop(starving);
	} else {
		root_device_unregister(device);
		busy_stop();
	}
}
module_exit(busy_exit);

MODULE_DESCRIPTION("Threads of kthreadxx that always have something to do");
MODULE_LICENSE("GPL");
