// SPDX-License-Identifier: GPL-2.0
//
// Fibers, the choice of the next one, and the depth-first search of all choices.
#include "engine.hpp"

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace explore
{
options option;
fiber fibers[max_fibers];
knowledge known[max_fibers];
int fiber_count, running;
std::vector<delayed_store> buffers[max_fibers];
u8 *arena;
u32 generation, step_count;
int preemptions, delays_used, failures_left;
long long clock_now;
std::string failure;
bool replaying, in_one_order;
unsigned int forced_steps;
std::vector<known_store> known_stores;
u32 delayed_stores;
const scenario *scenarios, *current_scenario;

namespace
{
outcome how_it_ended;
void *main_sp;

// Of the execution before, up to where they part, and then of this one.
std::vector<turn> turns;
size_t turn_number;

extern "C" void explore_switch(void **save, void *to);
asm(".text\n"
    ".globl explore_switch\n"
    "explore_switch:\n"
    "	push %rbp\n	push %rbx\n	push %r12\n	push %r13\n	push %r14\n	push %r15\n"
    "	mov %rsp,(%rdi)\n	mov %rsi,%rsp\n"
    "	pop %r15\n	pop %r14\n	pop %r13\n	pop %r12\n	pop %rbx\n	pop %rbp\n	ret\n");

void go(int to)
{
	if (to == running)
		return;
	void **from = running < 0 ? &main_sp : &fibers[running].sp;

	running = to;
	explore_switch(from, to < 0 ? main_sp : fibers[to].sp);
}

[[noreturn]] void leave(outcome how)
{
	how_it_ended = how;
	go(-1);
	__builtin_unreachable();
}

bool can_run(const fiber &f)
{
	return !f.done && !f.held_up && f.under < 0 && (!f.ready || f.ready(f.ready_arg));
}

bool waits_for_time(const fiber &f)
{
	return f.waits && f.until != no_time;
}

// Left over at the end without being missed.
bool may_stay(const fiber &f)
{
	return f.done || f.daemon || (f.interrupt && !f.entered && f.ready);
}

// A hash of a store that has not arrived, as a part of the state.
u64 is_late(const delayed_store &store)
{
	return mix(known_stores[store.number].history, 4712);
}

// What has happened before what, with what may yet happen. Not whose turn it is.
u64 state_now()
{
	u64 key = mix(static_cast<u64>(clock_now), static_cast<u64>(failures_left)) +
		  delays_in_state(delays_used);

	for (int i = 0; i < fiber_count; ++i) {
		const fiber &f = fibers[i];

		key += part_of_state(i, known[i].history,
				     f.done + 2 * f.held_up + 4 * (f.under + 1)) +
		       known[i].arrived;
		for (const delayed_store &store : buffers[i])
			key += is_late(store);
	}
	return key;
}

// The oldest store of a fiber arrives.
u64 state_after(u64 state, const delayed_store &store)
{
	return state - is_late(store) + arrival(known_stores[store.number], store.address);
}

void end_execution()
{
	for (int i = 0; i < fiber_count; ++i) {
		if (may_stay(fibers[i]))
			continue;
		for (const fiber &f : fibers) {
			if (&f < fibers + fiber_count && f.held_up)
				fail("starvation: %s waits for %s, which is held up",
				     fibers[i].name, f.name);
		}
		fail("deadlock: %s waits for ever", fibers[i].name);
	}
	kernel_check_end();
	if (int blocks = living_blocks())
		fail("leak: %d allocations are not freed", blocks);

	u64 key = 0;
	for (int i = 0; i < fiber_count; ++i)
		key = mix(key, known[i].history + known[i].arrived);
	add_end(key);
	leave(outcome::ends);
}

bool has_delayed_stores()
{
	for (int i = 0; i < fiber_count; ++i) {
		if (!buffers[i].empty())
			return true;
	}
	return false;
}

turn turn_of(int what, bool costs)
{
	return {static_cast<u8>(what),
		false,
		costs,
		what < fiber_count && waits_for_time(fibers[what]),
		what < fiber_count && buffers[what].empty() &&
			!(fibers[what].interrupt && !fibers[what].entered) &&
			!waits_for_time(fibers[what]),
		delays_used < option.delays && !in_one_order,
		static_cast<u8>(preemptions + costs),
		static_cast<u8>(delays_used),
		static_cast<u8>(running),
		0};
}

turn choose_next(bool forced)
{
	constexpr int hold_up = 2 * max_fibers;
	const bool goes_on =
		!forced && !waits_for_time(fibers[running]) && can_run(fibers[running]);
	bool runnable[max_fibers];
	bool somebody = false;
	int next_in_time = -1;
	turn choices[4 * max_fibers];
	int count = 0;
	u64 of_these = all_of_them, state = 0;

	// A row of steps without a choice is looked up ever more seldom, as that costs more than they do.
	const auto is_looked_up = [] { return !(forced_steps & (forced_steps - 1)); };

	++forced_steps;
	if (goes_on && (in_one_order || preemptions >= option.bound) && !has_delayed_stores() &&
	    !is_looked_up())
		return turn_of(running, false);
	if (option.prune && is_new_decision()) {
		state = state_now();
		soon_in(state);
	}
	for (int i = 0; i < fiber_count; ++i) {
		const fiber &f = fibers[i];

		runnable[i] = can_run(f) && !(forced && i == running);
		if (!runnable[i])
			continue;
		if (!waits_for_time(f))
			somebody = true;
		else if (next_in_time < 0 || f.until < fibers[next_in_time].until)
			next_in_time = i;
	}

	const auto add = [&](int what, bool costs) {
		if (in_one_order ? !costs && !count : !costs || preemptions < option.bound)
			choices[count++] = turn_of(what, costs);
	};
	// A store would wait for ever for its turn.
	for (int i = 0; in_one_order && i < fiber_count; ++i) {
		if (!buffers[i].empty())
			add(max_fibers + i, false);
	}
	if (goes_on)
		add(running, false);
	for (int i = 0; i < fiber_count; ++i) {
		const fiber &f = fibers[i];

		if (runnable[i] && f.may_be_held_up && f.started && !f.pins && !waits_for_time(f))
			add(hold_up + i, true);
	}
	for (int i = 0; i < fiber_count; ++i) {
		if (runnable[i] && !(goes_on && i == running))
			add(i, waits_for_time(fibers[i]) ? somebody || i != next_in_time : goes_on);
	}
	for (int i = 0; i < fiber_count; ++i) {
		if (!buffers[i].empty())
			add(max_fibers + i, false);
	}
	if (!count)
		end_execution();

	if (count > 1)
		forced_steps = 0;
	if (option.prune && is_looked_up() && is_new_decision()) {
		for (turn *choice = choices; choice < choices + count; ++choice) {
			if (choice->chosen >= max_fibers && choice->chosen < hold_up)
				choice->leads_to = state_after(
					state, buffers[choice->chosen - max_fibers].front());
		}
		// One that waits may go on when a store arrives.
		of_these = not_done_yet(choices, count, state, goes_on || has_delayed_stores());
		if (!of_these)
			leave(outcome::pruned);
	}

	turn next = choices[decide(count, of_these)];
	keep_turns(choices, count, state);
	next.decided = count > 1;
	return next;
}

// An interrupt begins: on a processor of its own, or on top of a fiber that runs. All orders of steps
// come from the former; what waits for what differs.
void enter_interrupt(int number)
{
	fiber &interrupt = fibers[number];
	int under[max_fibers + 1] = {-1}, count = 1;

	for (int i = 0; i < fiber_count; ++i) {
		const fiber &f = fibers[i];

		if (!f.interrupt && f.started && !f.interrupts_off && !waits_for_time(f) &&
		    can_run(f))
			under[count++] = i;
	}
	cannot_be_foretold();
	interrupt.entered = true;
	interrupt.on_top_of = under[decide(count)];
	if (!replaying)
		known[number].history =
			mix(known[number].history, static_cast<u64>(interrupt.on_top_of + 100));
	if (interrupt.on_top_of >= 0)
		fibers[interrupt.on_top_of].under = number;
}

void start_fiber()
{
	fiber &self = fibers[running];

	self.started = true;
	learn(8);
	self.waits = false;
	self.ready = nullptr;
	self.run(self.arg);
	exit_fiber();
}

} // namespace

outcome run_once(const scenario &scenario)
{
	current_scenario = &scenario;
	step_count = 0;
	fiber_count = 0;
	turn_number = 0;
	delayed_stores = 0;
	forced_steps = 0;
	in_one_order = false;
	preemptions = delays_used = 0;
	failures_left = 0;
	clock_now = 1000000;
	running = -1;
	for (auto &buffer : buffers)
		buffer.clear();
	reset_memory();
	reset_story();
	kernel_reset();
	new_fiber("main", [](void *run) { reinterpret_cast<void (*)()>(run)(); },
		  reinterpret_cast<void *>(scenario.run), {});
	kernel_new_context(0, "main");
	go(0);
	return how_it_ended;
}

u64 part_of_state(int number, u64 history, int flags)
{
	return mix(history + static_cast<u64>(number), static_cast<u64>(flags));
}

u64 delays_in_state(int delays)
{
	return mix(static_cast<u64>(delays), 4713);
}

void learn(u64 what)
{
	if (!replaying)
		known[running].history = mix(known[running].history, what);
}

u64 mix(u64 a, u64 b)
{
	a ^= b + 0x9E3779B97F4A7C15ull + (a << 6) + (a >> 2);
	a *= 0xff51afd7ed558ccdull;
	return a ^ (a >> 32);
}

void fail(const char *format, ...)
{
	char text[400];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	failure = text;
	leave(outcome::fails);
}

// Who runs next. A fiber that could go on and may not is preempted, which the bound limits; so is the
// time that passes while somebody could go on, and a fiber that is held up.
void schedule_point(bool forced)
{
	constexpr int hold_up = 2 * max_fibers;

	end_turn();
	if (++step_count > max_steps)
		fail("livelock: no end after %u steps", max_steps);
	for (;;) {
		turn next = {};

		if (replaying && !(turns[turn_number].decided && is_last_decision())) {
			next = turns[turn_number++];
			if (next.decided)
				pass_decision();
		} else {
			next = choose_next(forced);
			turns.resize(turn_number++);
			turns.push_back(next);
		}
		preemptions += next.costs;
		if (next.chosen >= hold_up) {
			fibers[next.chosen - hold_up].held_up = true;
			tell(next.chosen - hold_up, "IS HELD UP", nullptr);
			continue;
		}
		if (next.chosen >= max_fibers) {
			arrive(next.chosen - max_fibers);
			continue;
		}
		if (next.costs)
			tell_preemption();

		fiber &f = fibers[next.chosen];
		begin_turn(next.chosen);
		if (waits_for_time(f))
			cannot_be_foretold();
		if (waits_for_time(f) && f.until > clock_now)
			clock_now = f.until;
		if (f.interrupt && !f.entered)
			enter_interrupt(next.chosen);
		go(next.chosen);
		return;
	}
}

void exit_fiber()
{
	fiber &self = fibers[running];

	// Who joins it sees all that it has written, and not before.
	if (!buffers[running].empty())
		schedule_point(false);
	drain();
	if (self.pins)
		fail("%s ends with a lock or with preemption off", self.name);
	if (self.interrupt)
		cannot_be_foretold();
	if (self.interrupt && self.on_top_of >= 0)
		fibers[self.on_top_of].under = -1;
	self.done = true;
	learn(77);
	stack_is_dead(running);
	tell(running, "ends", nullptr);
	schedule_point(true);
	__builtin_unreachable();
}

int running_fiber()
{
	return running;
}

int new_fiber(const char *name, void (*run)(void *), void *arg, fiber_options options)
{
	if (fiber_count == max_fibers)
		fail("the scenario has more than %d fibers", max_fibers);

	const int number = fiber_count++;
	fiber &f = fibers[number];

	f = {};
	f.name = name;
	f.run = run;
	f.arg = arg;
	f.ready = options.ready;
	f.ready_arg = options.ready_arg;
	f.until = options.until;
	f.waits = true;
	f.daemon = options.daemon;
	f.context = options.context;
	f.may_be_held_up = options.may_be_held_up;
	f.interrupt = options.interrupt;
	f.pins = 0;
	f.under = f.on_top_of = -1;
	f.heap_top = 64;
	cannot_be_foretold();
	if (!replaying) {
		knowledge &its = known[number];

		its = {};
		its.history = static_cast<u64>(number) + 1;
		if (running >= 0) {
			learn(static_cast<u64>(number));
			its.clock = known[running].clock;
			++known[running].clock.at[running];
			its.history = mix(its.history, known[running].history);
		}
		its.clock.at[number] = 1;
	}

	auto *sp = reinterpret_cast<void **>(arena + static_cast<u64>(number + 1) * per_fiber - 64);
	*--sp = nullptr;
	*--sp = reinterpret_cast<void *>(start_fiber);
	for (int i = 0; i < 6; ++i)
		*--sp = nullptr;
	f.sp = sp;
	return number;
}

int next_fiber()
{
	return fiber_count;
}

void set_time(int number, long long until)
{
	fibers[number].until = until;
}

bool is_interrupt()
{
	return fibers[running].interrupt;
}

int interrupted_fiber()
{
	return fibers[running].on_top_of;
}
} // namespace explore
