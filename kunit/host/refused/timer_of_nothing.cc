// SPDX-License-Identifier: GPL-2.0
// refused: no matching function for call to
#include "kthread/timer.hpp"

void refused()
{
	kthread::timer<> t(nullptr);

	t.start_after(std::chrono::milliseconds(1));
}
