// SPDX-License-Identifier: GPL-2.0
// refused: a task is awaited once, and gone then
#include "kthread/task.hpp"

kthread::task<int> refused(kthread::task<int> one)
{
	auto first = co_await one;

	co_return first;
}
