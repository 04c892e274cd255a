// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

#include "sensor.h"

static int __init sensor_init(void)
{
	return sensor_start();
}
module_init(sensor_init);

static void __exit sensor_exit(void)
{
	sensor_stop();
}
module_exit(sensor_exit);

MODULE_DESCRIPTION("A poller and a reader, which are tasks on one thread");
MODULE_LICENSE("GPL");
