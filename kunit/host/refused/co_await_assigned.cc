// SPDX-License-Identifier: GPL-2.0
// refused: deleted
#include "kthread/this_task.hpp"

kthread::task<int> refused(int n)
{
	auto r = co_await kthread::this_task::yield();

	while (n && (r = co_await kthread::this_task::yield()))
		--n;
	co_return n;
}
