// SPDX-License-Identifier: GPL-2.0
// refused: it is awaited once, where it was made
#include "kthread/task_when.hpp"

kthread::task<int> refused(kthread::task<int> one)
{
	auto both = kthread::when_all(std::move(one));
	auto first = co_await both;

	co_return first ? 0 : 1;
}
