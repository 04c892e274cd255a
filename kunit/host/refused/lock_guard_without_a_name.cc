// SPDX-License-Identifier: GPL-2.0
// refused: ignoring return value of
#include "kthread/mutex.hpp"

struct device {
	kthread::mutex lock{"device::lock"_lock};
	int value = 0;
};

void refused(device &d)
{
	std::lock_guard(d.lock);
	++d.value;
}
