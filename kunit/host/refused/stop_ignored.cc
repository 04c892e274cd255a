// SPDX-License-Identifier: GPL-2.0
// refused: ignoring returned value of type
#include "kthread/jthread.hpp"

void refused(kthread::jthread &thread)
{
	thread.stop();
}
