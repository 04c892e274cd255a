// SPDX-License-Identifier: GPL-2.0
// refused: a co_await stands in no condition and no expression
#include "kthread/task.hpp"

kthread::task<int> refused(kthread::task<int> other)
{
	co_return *co_await std::move(other) + 1;
}
