// SPDX-License-Identifier: GPL-2.0
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/uaccess.h>

#include "samples.h"

static ssize_t samples_read(struct file *file, char __user *buffer, size_t size, loff_t *at)
{
	char line[16];
	int sample, length, got;

	/* Before a sample is taken, which would be lost. */
	if (size < sizeof(line))
		return -EINVAL;
	got = samples_next(&sample);
	if (got <= 0)
		return got;
	length = scnprintf(line, sizeof(line), "%d\n", sample);
	return copy_to_user(buffer, line, length) ? -EFAULT : length;
}

static long samples_ioctl(struct file *file, unsigned int command, unsigned long unused)
{
	if (command != SAMPLES_STOP)
		return -ENOTTY;
	samples_stop();
	return 0;
}

static const struct file_operations samples_operations = {
	.owner = THIS_MODULE,
	.read = samples_read,
	.unlocked_ioctl = samples_ioctl,
};

static struct miscdevice samples_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "samples",
	.fops = &samples_operations,
};

static int __init samples_init(void)
{
	int err = samples_start();

	if (err)
		return err;
	err = misc_register(&samples_device);
	if (err)
		samples_remove();
	return err;
}
module_init(samples_init);

static void __exit samples_exit(void)
{
	misc_deregister(&samples_device);
	samples_remove();
}
module_exit(samples_exit);

MODULE_DESCRIPTION("A device whose samples a thread makes");
MODULE_LICENSE("GPL");
