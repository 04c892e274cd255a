// SPDX-License-Identifier: GPL-2.0
// refused: use of deleted function
#include "kthread/jthread.hpp"

kthread::jthread refused(const kthread::jthread &thread)
{
	return thread;
}
