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
int fiber_count, running;
std::vector<delayed_store> buffers[max_fibers];
u8 *arena;
u32 generation, step_count;
int preemptions, delays_used, failures_left;
long long clock_now;
std::vector<decision> decisions;
std::string failure;
const scenario *scenarios;

namespace
{
// States that were seen, by a hash, with the fewest preemptions that led there.
class seen_states
{
public:
	void clear()
	{
		table_.assign(1 << 12, 0);
		used_ = 0;
	}
	// Whether it was seen with no more preemptions.
	bool check(u64 key, unsigned int cost)
	{
		if (used_ > table_.size() / 2)
			grow();
		u64 &entry = find(key);

		if (entry && (entry & cost_mask) <= cost)
			return true;
		used_ += !entry;
		entry = (key & ~(cost_mask | present)) | present | cost;
		return false;
	}

private:
	static constexpr u64 cost_mask = 31, present = 32;

	u64 &find(u64 key)
	{
		for (u64 i = (key & ~(cost_mask | present)) * 0x9E3779B97F4A7C15ull >> 20;; ++i) {
			u64 &entry = table_[i & (table_.size() - 1)];

			if (!entry || !((entry ^ key) & ~(cost_mask | present)))
				return entry;
		}
	}
	void grow()
	{
		std::vector<u64> old(4 * table_.size());

		old.swap(table_);
		for (u64 entry : old) {
			if (entry)
				find(entry) = entry;
		}
	}

	std::vector<u64> table_;
	size_t used_ = 0;
};

seen_states seen;
std::unordered_set<u64> distinct_ends;
size_t depth, prefix;
outcome how_it_ended;
void *main_sp;

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

u64 state_key(bool forced)
{
	u64 key = mix(running + 2 * max_fibers * forced, clock_now);

	key = mix(key, delays_used + 16 * failures_left);
	for (int i = 0; i < fiber_count; ++i) {
		const fiber &f = fibers[i];

		key = mix(key, f.history + f.done + 2 * f.held_up + 4 * (f.under + 1));
		for (const delayed_store &store : buffers[i])
			key = mix(key, reinterpret_cast<u64>(store.address) ^ store.value);
	}
	return key;
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
		key = mix(key, fibers[i].history);
	distinct_ends.insert(key);
	leave(outcome::ends);
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
	interrupt.entered = true;
	interrupt.on_top_of = under[decide(count)];
	interrupt.history = mix(interrupt.history, interrupt.on_top_of + 100);
	if (interrupt.on_top_of >= 0)
		fibers[interrupt.on_top_of].under = number;
}

void start_fiber()
{
	fiber &self = fibers[running];

	self.started = true;
	self.waits = false;
	self.ready = nullptr;
	self.run(self.arg);
	exit_fiber();
}

void run_once(const scenario &scenario)
{
	++generation;
	step_count = 0;
	fiber_count = 0;
	depth = 0;
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
}

double seconds_now()
{
	timespec t;

	// Of this process: the machine may have other things to do.
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}
} // namespace

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

int decide(int alternatives)
{
	if (alternatives == 1)
		return 0;
	if (depth == decisions.size())
		decisions.push_back({0, static_cast<u8>(alternatives)});

	const decision &made = decisions[depth++];

	// A schedule that was given does not say how many there are.
	if (made.alternatives ? made.alternatives != alternatives : made.chosen >= alternatives) {
		fprintf(stderr,
			"explore: an execution is not repeatable, or the schedule is of another version\n");
		abort();
	}
	return made.chosen;
}

// Who runs next. A fiber that could go on and may not is preempted, which the bound limits; so is the
// time that passes while somebody could go on.
void schedule_point(bool forced)
{
	constexpr int hold_up = 2 * max_fibers;

	if (++step_count > max_steps)
		fail("livelock: no end after %u steps", max_steps);
	if (option.prune && depth >= prefix && depth == decisions.size() &&
	    seen.check(state_key(forced), preemptions))
		leave(outcome::pruned);
	for (;;) {
		fiber &self = fibers[running];
		const bool may_preempt = preemptions < option.bound;
		const bool goes_on = !forced && !waits_for_time(self) && can_run(self);
		bool runnable[max_fibers];
		bool somebody = false;
		int next_in_time = -1;
		u8 choices[3 * max_fibers];
		int count = 0;

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
		if (goes_on) {
			choices[count++] = static_cast<u8>(running);
			if (self.may_be_held_up && !self.pins && may_preempt)
				choices[count++] = hold_up;
		}
		const auto costs = [&](int i) {
			return waits_for_time(fibers[i]) ? somebody || i != next_in_time
							 : goes_on && i != running;
		};
		for (int i = 0; i < fiber_count; ++i) {
			if (runnable[i] && !(goes_on && i == running) && (may_preempt || !costs(i)))
				choices[count++] = static_cast<u8>(i);
		}
		for (int i = 0; i < fiber_count; ++i) {
			if (!buffers[i].empty())
				choices[count++] = static_cast<u8>(max_fibers + i);
		}
		if (!count)
			end_execution();

		const int chosen = choices[decide(count)];
		if (chosen == hold_up) {
			self.held_up = true;
			++preemptions;
			tell(running, "IS HELD UP", nullptr);
			continue;
		}
		if (chosen >= max_fibers) {
			arrive(chosen - max_fibers);
			continue;
		}
		if (costs(chosen)) {
			++preemptions;
			tell_preemption();
		}

		fiber &next = fibers[chosen];
		if (waits_for_time(next) && next.until > clock_now)
			clock_now = next.until;
		if (next.interrupt && !next.entered)
			enter_interrupt(chosen);
		go(chosen);
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
	if (self.interrupt && self.on_top_of >= 0)
		fibers[self.on_top_of].under = -1;
	self.done = true;
	self.history = mix(self.history, 77);
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
	f.history = static_cast<u64>(number) + 1;
	f.heap_top = 64;
	if (running >= 0) {
		f.clock = fibers[running].clock;
		++fibers[running].clock.at[running];
		f.history = mix(f.history, fibers[running].history);
	}
	f.clock.at[number] = 1;

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

search_result search(const scenario &scenario, double limit)
{
	search_result result;
	const double start = seconds_now();

	seen.clear();
	decisions.clear();
	distinct_ends.clear();
	prefix = 0;
	for (;;) {
		run_once(scenario);
		++result.schedules;
		result.steps += step_count;
		result.pruned += how_it_ended == outcome::pruned;
		result.longest = step_count > result.longest ? step_count : result.longest;
		result.last = how_it_ended;
		if (how_it_ended == outcome::fails) {
			decisions.resize(depth);
			break;
		}
		while (!decisions.empty() &&
		       decisions.back().chosen + 1 == decisions.back().alternatives)
			decisions.pop_back();
		if (decisions.empty()) {
			result.exhausted = true;
			break;
		}
		++decisions.back().chosen;
		prefix = decisions.size();
		if (limit > 0 && result.schedules % 256 == 0 && seconds_now() - start > limit)
			break;
	}
	result.ends = distinct_ends.size();
	result.seconds = seconds_now() - start;
	return result;
}

void replay(const scenario &scenario)
{
	prefix = decisions.size();
	option.prune = false;
	option.story = true;
	run_once(scenario);
	if (how_it_ended != outcome::fails)
		failure.clear();
}
} // namespace explore
