// SPDX-License-Identifier: GPL-2.0
//
// Timers. Each has a fiber of its own, which is its interrupt.
#include <string.h>

#include "kernel.hpp"
#include "tasks.hpp"

using namespace explore;

namespace kernel
{
namespace
{
hrtimer timers[16];
long long expiries[16]; // when each comes next, as its fiber may yet be in the callback

bool is_due(const void *timer)
{
	return static_cast<const hrtimer *>(timer)->armed;
}

// __run_hrtimer(): the callback runs without the lock, and afterwards only the base is looked at.
void interrupts(void *argument)
{
	auto *timer = static_cast<hrtimer *>(argument);

	for (;;) {
		book(timer, rmw);
		book(&clock_now, rmw);
		timer->armed = false;
		timer->callback_runs = true;
		timer->function(const_cast<void *>(timer->address));
		step("the timer's callback is done", timer, rmw);
		timer->armed |= timer->restarts;
		timer->restarts = false;
		timer->callback_runs = false;
		set_time(timer->fiber, expiries[timer - timers]);
		end_of_interrupt("timer", timer, is_due, timer);
	}
}
} // namespace

void reset_time()
{
	memset(timers, 0, sizeof(timers));
}

void check_timers_freed(const void *memory, unsigned long size)
{
	const auto *from = static_cast<const char *>(memory), *to = from + size;

	for (hrtimer &timer : timers) {
		if (timer.address < from || timer.address >= to)
			continue;
		if (timer.armed)
			fail("frees a timer that is active");
		timer.address = &timer; // the fiber stays, and is never due
	}
}

void check_timers_at_end()
{
	for (const hrtimer &timer : timers) {
		if (timer.armed)
			fail("a timer is still active");
	}
}

hrtimer *hrtimer_of(const void *address)
{
	touch(address, 1, true);
	for (hrtimer &timer : timers) {
		if (timer.address == address)
			return &timer;
	}
	fail("a timer that nobody has initialised");
}

hrtimer *hrtimer_init(const void *address, void (*function)(void *))
{
	for (unsigned long i = 0; i < 16; ++i) {
		hrtimer &timer = timers[(slot_of(address) + i) % 16];

		if (timer.address && timer.address != address)
			continue;
		if (timer.armed)
			fail("initialises a timer that is active");
		timer.address = address;
		timer.function = function;
		timer.destroyed = false;
		return &timer;
	}
	fail("the model has too few timers");
}

void hrtimer_start(hrtimer *timer, long long expires)
{
	step("starts the timer", timer, rmw);
	if (timer->destroyed)
		fail("starts a timer that was destroyed");
	note("for", static_cast<long>(expires - clock_now));
	timer->armed = true;
	if (expires < clock_now)
		expires = clock_now;
	plan(expires);
	expiries[timer - timers] = expires;
	if (timer->fiber) {
		if (!timer->callback_runs)
			set_time(timer->fiber, expires);
		return;
	}

	fiber_options options;
	options.daemon = true;
	options.interrupt = true;
	options.ready = is_due;
	options.ready_arg = timer;
	options.until = expires;
	timer->fiber = new_fiber("timer", interrupts, timer, options);
	kernel_new_context(timer->fiber, "timer");
}

bool hrtimer_is_queued(hrtimer *timer)
{
	step("is the timer queued?", timer, read | weak);
	return timer->armed;
}

// hrtimer_set_expires() and HRTIMER_RESTART, in the timer's callback.
void hrtimer_restart(hrtimer *timer, long long expires)
{
	step("gives its timer another time", timer, rmw);
	note("for", static_cast<long>(expires - clock_now));
	if (timer->armed)
		fail("changes the time of a timer that is queued");
	timer->restarts = true;
	if (expires < clock_now)
		expires = clock_now;
	plan(expires);
	expiries[timer - timers] = expires;
}

int hrtimer_try_to_cancel(hrtimer *timer)
{
	step("tries to cancel the timer", timer, rmw);
	if (timer->callback_runs) {
		note("its callback runs", 1);
		return -1;
	}
	const bool was_armed = timer->armed;
	note("was active:", was_armed);
	timer->armed = false;
	return was_armed;
}

// Spins as long as the callback runs; with PREEMPT_RT it sleeps.
int hrtimer_cancel(hrtimer *timer)
{
	for (;;) {
		const int result = hrtimer_try_to_cancel(timer);

		if (result >= 0)
			return result;
		block("spins for the end of the timer's callback", timer, rmw,
		      [timer] { return !timer->callback_runs; });
	}
}

// hrtimer_cancel() and destroy_hrtimer_on_stack()
void hrtimer_destroy(hrtimer *timer)
{
	hrtimer_cancel(timer);
	timer->destroyed = true;
}

bool hrtimer_callback_running(hrtimer *timer)
{
	step("does the timer's callback run?", timer, read | weak);
	return timer->callback_runs;
}

long long ktime_get()
{
	step("what time is it?", &clock_now, read | weak);
	note("=", static_cast<long>(clock_now));
	return clock_now;
}
} // namespace kernel
