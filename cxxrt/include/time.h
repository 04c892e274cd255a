// SPDX-License-Identifier: GPL-2.0
#error "<time.h>: kthread/clock.hpp has the kernel's clock"
