// SPDX-License-Identifier: GPL-2.0
// refused: a co_await stands in no condition and no expression
#include "kthread/this_task.hpp"

kthread::task<int> refused()
{
	if (co_await kthread::this_task::yield())
		co_return 1;
	co_return 0;
}
