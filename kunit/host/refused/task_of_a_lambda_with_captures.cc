// SPDX-License-Identifier: GPL-2.0
// refused: the captures of a lambda are gone when its task runs
#include "kthread/task.hpp"

kthread::task<int> refused(int n)
{
	return [n]() -> kthread::task<int> { co_return n; }();
}
