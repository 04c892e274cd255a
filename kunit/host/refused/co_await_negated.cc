// SPDX-License-Identifier: GPL-2.0
// refused: a co_await stands in no condition and no expression
#include "kthread/this_task.hpp"

kthread::task<int> refused(int n)
{
	co_return n && !co_await kthread::this_task::yield() ? 1 : 0;
}
