// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

#include "ticker.h"

static int __init ticker_init(void)
{
	return ticker_start();
}
module_init(ticker_init);

static void __exit ticker_exit(void)
{
	pr_info("ticker: %ld ticks\n", ticker_stop());
}
module_exit(ticker_exit);

MODULE_DESCRIPTION("A thread that ticks, in C++");
MODULE_LICENSE("GPL");
