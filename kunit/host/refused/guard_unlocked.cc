// SPDX-License-Identifier: GPL-2.0
// refused: is private within this context
#include "kthread/spinlock.hpp"

struct device {
	kthread::spinlock lock{"device::lock"_lock};
	int value = 0;
};

// The guard's destructor would give back a lock that another context holds.
void refused(device &d, void (*call)())
{
	kthread::irqsave_guard held(d.lock);

	++d.value;
	held.unlock();
	call();
}
