// SPDX-License-Identifier: GPL-2.0
//
// Lines in the kernel's log.
#pragma once

#include "bridge/bridge.h"
#include "kthread/errno.hpp"

#define pr_info(format, ...) _printk("\0016kthreadxx: " format "\n" __VA_OPT__(, ) __VA_ARGS__)
#define pr_err(format, ...) _printk("\0013kthreadxx: " format "\n" __VA_OPT__(, ) __VA_ARGS__)

inline void say_not_made(unsigned int wanted, unsigned int made, kthread::errno_t error)
{
	pr_err("threads=%u: %u of them were made, the next one not: errno %d", wanted, made,
	       -static_cast<int>(error));
}
