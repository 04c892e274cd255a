// SPDX-License-Identifier: GPL-2.0
#include "faults.h"

#include <span>

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

int body(void *)
{
	return 0;
}

long body_of_another_type(long)
{
	return 0;
}

// By way of a pointer to data, as compilers warn of the cast from one function's type to another's.
template <class T>
T as_type(void *function)
{
	return reinterpret_cast<T>(hidden(function));
}
} // namespace

// Calls what only a derived class has, before there is one. Of a class that is this file's own the
// compiler would know the only function that it can be.
class half_built
{
public:
	half_built() { hidden(this)->call(); }
	virtual void call() = 0;

protected:
	~half_built() = default;
};

class built final : public half_built
{
public:
	void call() override {}
};

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
	bridge_timer_start(timer, ktime_get() + std::chrono::nanoseconds(1h).count(), 0);
	delete timer;
}

// By the x86 calling convention both calls find what they need: only CFI can tell.
void fault_call_by_another_type()
{
	as_type<long (*)(long)>(reinterpret_cast<void *>(body))(0);
}

void fault_body_of_another_type()
{
	auto *function = reinterpret_cast<void *>(body_of_another_type);
	auto *task = kthread_create_on_node(as_type<int (*)(void *)>(function), nullptr,
					    BRIDGE_NO_NODE, "faulty");

	wake_up_process(task);
}

void fault_precondition()
{
	int numbers[1] = {};

	hidden(std::span(numbers)[hidden(1)]);
}

void fault_pure_virtual()
{
	built();
}
