// SPDX-License-Identifier: GPL-2.0
//
// A periodic task as there may be 100,000 of them. The check beside it looks at the size of its frame.
#include "kthread/this_task.hpp"

using namespace std::chrono_literals;

extern unsigned int beats;

kthread::task<void> periodic(unsigned int ms)
{
	kthread::co_ticker every(std::chrono::milliseconds(ms), 1ms);

	for (;;) {
		auto due = co_await every.wait();

		if (!due)
			co_return due;
		++beats;
	}
}
