// SPDX-License-Identifier: GPL-2.0
// refused: the frame of this coroutine is larger than the task_storage that it takes
#include "kthread/task.hpp"

kthread::task<int> refused(kthread::task_storage<64> &, int n)
{
	co_return n;
}
