// SPDX-License-Identifier: GPL-2.0
// refused: take a task by value: it belongs to the coroutine that awaits it
#include "kthread/task.hpp"

kthread::task<int> refused(int, kthread::task<int> &child)
{
	auto ended = co_await std::move(child);

	co_return ended;
}
