// SPDX-License-Identifier: GPL-2.0
// refused: ignoring return value of
#include "kthread/spinlock.hpp"

struct device {
	kthread::spinlock lock{"device::lock"_lock};
	int value = 0;
};

void refused(device &d)
{
	kthread::irqsave_guard(d.lock);
	++d.value;
}
