// SPDX-License-Identifier: GPL-2.0
//
// The explorer, as the model of the kernel and the scenarios see it. A fiber is a thread, an interrupt
// or a context that a scenario has made. One runs at a time; another can go on only at a step.
#pragma once

namespace explore
{
// What a step does to the location that it names. Two steps depend on each other if both name the same
// location and one of them writes.
enum access : int {
	read = 1,
	write = 2,
	acquire = 4,
	release = 8,
	rmw = read | write | acquire | release,
	weak = 16, // leaves the store buffer as it is; any other step is a full barrier
};

// The number of the running fiber.
int running_fiber();

// Another fiber may run before this. The text says in the story what comes now; book() completes it: without
// it the state after the step would be taken for the one before, and cut off.
void point(const char *what, const void *location);
void book(const void *location, int how);

// point() and book(): one indivisible step.
inline void step(const char *what, const void *location, int how)
{
	point(what, location);
	book(location, how);
}

// A step that is not taken before ready() holds. A time makes it one that waits for the clock: it
// goes on by itself when nobody else can run, and earlier only at the cost of a preemption.
constexpr long long no_time = -1;
void block(const char *what, const void *location, int how, bool (*ready)(const void *),
	   const void *arg, long long until = no_time);
template <class Ready>
void block(const char *what, const void *location, int how, Ready ready)
{
	block(
		what, location, how,
		[](const void *arg) { return (*static_cast<const Ready *>(arg))(); }, &ready);
}

// Nanoseconds. Moves only when a fiber goes on that waits for a time.
extern long long clock_now;

// For a time that a step takes from the clock, or none.
void plan(long long until);

// A choice that is explored both ways, 0 first.
int choose(const char *what, int alternatives);

// Completes the last step's line in the story.
void note(const char *what, long value);

[[noreturn, gnu::format(printf, 1, 2)]] void fail(const char *format, ...);

// As a release store in the library, which may be delayed.
void store_release(unsigned int *word, unsigned int value); // no point before it
void drain(); // the running fiber's delayed stores arrive

// Fails if this is freed memory or a dead frame.
void touch(const void *address, unsigned long size, bool write);

// A new fiber. A daemon may be left over at the end.
struct fiber_options {
	bool daemon = false;
	bool interrupt = false; // runs on top of another fiber, or of an idle processor
	bool may_be_held_up = false;
	bool context = false; // join() waits for it
	bool (*ready)(const void *) = nullptr;
	const void *ready_arg = nullptr;
	long long until = no_time;
};
int new_fiber(const char *name, void (*run)(void *), void *arg, fiber_options options);
int next_fiber(); // the number that the next one gets

// For a fiber that is one interrupt after another: the end of this one, until the next is ready.
void end_of_interrupt(const char *what, const void *location, bool (*ready)(const void *),
		      const void *arg);
void set_time(int fiber, long long until);
[[noreturn]] void exit_fiber(); // the running one
bool is_interrupt();
int interrupted_fiber(); // by the running one, or -1

// How often the running fiber has taken what keeps it from being preempted, or interrupted.
void pin(int by, bool interrupts_too);
bool is_pinned();
bool has_interrupts_off();

// Memory of the library. Freed addresses are used again only if the scenario says so.
void *allocate(unsigned long size, unsigned long align);
void release_memory(void *memory);

// How many more calls may fail, as the scenario allows it.
bool fails(const char *what);

// For scenarios.
void spawn(const char *name, void (*run)(void *), void *arg, bool may_be_held_up, bool interrupt);
void thaw(); // contexts that are held up go on, and are not held up again
void join(); // until all contexts have ended
// For what other scenarios explore: from here on, steps come in one order until all_orders(), which first
// waits until all others sleep.
void one_order();
void all_orders();
void expect(bool met, const char *what);
void allow_failures(int calls);
void reuse_addresses();
void memory_may_stay(); // of what a module forgets, which goes without being freed

struct scenario {
	const char *name;
	void (*run)();
	// The failure that is expected, by its first words, until the library is mended.
	const char *fails = nullptr;
	bool only_with_store_buffer = false, only_without = false;
	const scenario *next = nullptr;
	// Of a table of operations, the two that this scenario is made of.
	int one = 0, other = 0;
};
extern const scenario *scenarios, *current_scenario;

// What the model of the kernel does at the start of an execution, at its end, for each context,
// and when memory is freed.
void kernel_reset();
void kernel_check_end();
void kernel_new_context(int fiber, const char *name);
void kernel_freed(const void *memory, unsigned long size);
} // namespace explore
