// SPDX-License-Identifier: GPL-2.0
// refused: is private within this context
#include "kthread/guarded.hpp"

void refused(kthread::guarded<int> &number)
{
	auto held = number.lock();

	held.unlock();
	++*held;
}
