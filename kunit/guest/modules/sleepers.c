// SPDX-License-Identifier: GPL-2.0
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

#include "sleepers.h"

static unsigned int idle = 100;
module_param(idle, uint, 0444);

unsigned long freezable_beats;
module_param(freezable_beats, ulong, 0444);

unsigned long yielding_beats;
module_param(yielding_beats, ulong, 0444);

unsigned long other_beats;
module_param(other_beats, ulong, 0444);

unsigned long flights_begun;
module_param(flights_begun, ulong, 0444);

unsigned long flights_finished;
module_param(flights_finished, ulong, 0444);

unsigned long flights_frozen;
module_param(flights_frozen, ulong, 0444);

void sleepers_doze(void)
{
	usleep_range(9000, 10000);
}

static int __init sleepers_init(void)
{
	return sleepers_start(idle);
}
module_init(sleepers_init);

static void __exit sleepers_exit(void)
{
	sleepers_stop();
}
module_exit(sleepers_exit);

MODULE_DESCRIPTION("Threads for the tests of kthreadxx to look at");
MODULE_LICENSE("GPL");
