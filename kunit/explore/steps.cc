// SPDX-License-Identifier: GPL-2.0
//
// What the model of the kernel and the scenarios are written with.
#include "engine.hpp"

namespace explore
{
void pin(int by, bool interrupts_too)
{
	fibers[running].pins += by;
	if (interrupts_too)
		fibers[running].interrupts_off += by;
}

bool is_pinned()
{
	return fibers[running].pins || fibers[running].interrupt;
}

bool has_interrupts_off()
{
	return fibers[running].interrupts_off || fibers[running].interrupt;
}

void point(const char *what, const void *location)
{
	schedule_point(false);
	tell(running, what, location);
}

void book(const void *address, int how)
{
	if (!(how & weak))
		drain();
	if (replaying)
		return;

	knowledge &self = known[running];
	location &at = location_of(address);

	old_locations.keep(at);
	look_at(at, how & write);
	if (how & acquire)
		self.clock.join(at.clock);
	else if (how & read)
		self.acquired.join(at.clock);
	if (how & write) {
		if (!(how & read))
			at.clock = {};
		at.clock.join(how & release ? self.clock : self.released);
		if (how & release)
			++self.clock.at[running];
		self.history = mix(mix(self.history, reinterpret_cast<u64>(address) * 32 + how),
				   at.written + at.seen);
		at.written = self.history;
		at.seen = 0;
	} else {
		self.history = mix(mix(self.history, reinterpret_cast<u64>(address) * 32 + how),
				   at.written);
		at.seen += self.history; // readers commute
	}
}

void plan(long long until)
{
	if (replaying || until == no_time)
		return;
	look_at(location_of(&clock_now), false);
	learn(static_cast<u64>(until));
}

void block(const char *what, const void *address, int how, bool (*ready)(const void *),
	   const void *arg, long long until)
{
	fiber &self = fibers[running];

	tell(running, what, address);
	learn(9);
	plan(until);
	// Whoever goes to sleep goes through the scheduler, whose locks are barriers, and may be late there.
	if (!buffers[running].empty()) {
		schedule_point(false);
		drain();
	}
	learn(10);
	self.ready = ready;
	self.ready_arg = arg;
	self.until = until;
	self.waits = true;
	schedule_point(false);
	learn(11);
	self.ready = nullptr;
	self.until = no_time;
	self.waits = false;
	if (address)
		book(address, how);
	if (until != no_time)
		book(&clock_now, rmw);
}

void end_of_interrupt(const char *what, const void *address, bool (*ready)(const void *),
		      const void *arg)
{
	fiber &self = fibers[running];

	cannot_be_foretold();
	if (self.on_top_of >= 0)
		fibers[self.on_top_of].under = -1;
	self.on_top_of = -1;
	self.entered = false;
	block(what, address, rmw, ready, arg, self.until);
}

int choose(const char *what, int alternatives)
{
	const int chosen = decide(alternatives);

	tell(running, what, nullptr);
	note("chosen", chosen);
	learn(static_cast<u64>(1000 + chosen));
	return chosen;
}

void allow_failures(int calls)
{
	failures_left = calls;
	cannot_be_foretold();
}

bool fails(const char *what)
{
	if (!failures_left || !choose(what, 2))
		return false;
	--failures_left;
	return true;
}

void spawn(const char *name, void (*run)(void *), void *arg, bool may_be_held_up, bool interrupt)
{
	fiber_options options;

	options.context = true;
	options.may_be_held_up = may_be_held_up;
	options.interrupt = interrupt;
	const int number = new_fiber(name, run, arg, options);
	kernel_new_context(number, name);
	tell(running, "starts a context", nullptr);
	note(name, number);
}

void thaw()
{
	cannot_be_foretold();
	for (int i = 0; i < fiber_count; ++i) {
		fibers[i].may_be_held_up = fibers[i].held_up = false;
		learn(known[i].history);
	}
}

void join()
{
	static constexpr auto over = [] {
		for (int i = 0; i < fiber_count; ++i) {
			if (fibers[i].context && !fibers[i].done)
				return false;
		}
		return true;
	};

	block("waits for the contexts", nullptr, 0, over);
	cannot_be_foretold();
	for (int i = 0; i < fiber_count; ++i) {
		if (!fibers[i].context || replaying)
			continue;
		known[running].clock.join(known[i].clock);
		learn(known[i].history);
	}
}

void one_order()
{
	in_one_order = true;
}

void all_orders()
{
	block("waits until all others sleep", nullptr, 0, nullptr, nullptr, clock_now + 1);
	in_one_order = false;
	cannot_be_foretold();
}

void expect(bool met, const char *what)
{
	if (!met)
		fail("not as promised: %s", what);
}
} // namespace explore
