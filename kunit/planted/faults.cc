// SPDX-License-Identifier: GPL-2.0
#include "faults.h"

#include "kthread/jthread.hpp"

using namespace std::chrono_literals;
using kthread::jthread;
using kthread::stop_token;

namespace
{
// Keeps the compiler from seeing what it would warn of, or leave out.
template <class T>
T hidden(T value)
{
	asm volatile("" : "+r"(value)::"memory");
	return value;
}

// Not joined, as it does not come to its end.
constinit kthread::static_jthread<> faulty;

long counter;

void count()
{
	const auto end = kthread::steady_clock::now() + 3s;

	while (kthread::steady_clock::now() < end)
		counter = hidden(counter + 1);
}
} // namespace

void fault_null()
{
	(void)faulty.run("faulty", [](stop_token) { return *hidden<int *>(nullptr); });
}

void fault_use_after_free()
{
	auto *number = new (std::nothrow) int(1);

	delete number;
	hidden(*hidden(number));
}

void fault_leak()
{
	// A few, as the value of one may be left somewhere.
	for (int i = 0; i < 10; ++i)
		hidden(new (std::nothrow) long[32]);
}

void fault_race()
{
	auto other = jthread::run("racer", [](stop_token) {
		count();
		return 0;
	});
	count();
}

void fault_shift()
{
	hidden(1 << hidden(40));
}

void fault_free_of_a_timer()
{
	auto *timer = new (std::nothrow) bridge_timer;

	bridge_timer_init(timer, [](bridge_timer *) {});
	bridge_timer_start(timer, ktime_get() + std::chrono::nanoseconds(1h).count());
	delete timer;
}
