// SPDX-License-Identifier: GPL-2.0
// refused: a task that is neither awaited nor spawned does nothing
#include "kthread/task.hpp"

kthread::task<int> returns()
{
	co_return 1;
}

void refused()
{
	returns();
}
