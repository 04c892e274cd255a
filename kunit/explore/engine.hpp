// SPDX-License-Identifier: GPL-2.0
//
// What the parts of the explorer share.
#pragma once

#include <cstdint>
#include <string>
#include <unistd.h>
#include <unordered_set>
#include <vector>

#include "explore.hpp"

namespace explore
{
using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;

constexpr int max_fibers = 12;
constexpr u64 heap_size = 1 << 15, stack_size = 1 << 15, per_fiber = heap_size + stack_size;
constexpr u32 max_steps = 3000;

struct vector_clock {
	u16 at[max_fibers];

	void join(const vector_clock &other)
	{
		for (int i = 0; i < max_fibers; ++i)
			at[i] = other.at[i] > at[i] ? other.at[i] : at[i];
	}
};

// A store that its fiber sees and nobody else yet.
struct delayed_store {
	void *address;
	u8 size;
	u64 value;
	vector_clock clock;
};

struct fiber {
	void *sp;
	const char *name;
	void (*run)(void *);
	void *arg;
	bool (*ready)(const void *);
	const void *ready_arg;
	long long until;
	bool done, started, waits, daemon, context, may_be_held_up, held_up;
	bool interrupt, entered; // entered: the handler runs
	int under, on_top_of;    // the interrupt that runs on top of it, and the reverse
	int pins, interrupts_off;
	u32 heap_top;
	vector_clock clock, released, acquired;
	u64 history; // a hash of all that it has done and seen
};

struct options {
	int bound = 3;
	int delays = 0; // stores that may wait in the store buffers at a time
	bool prune = true;
	bool story = false;
};

extern options option;
extern fiber fibers[max_fibers];
extern int fiber_count, running;
extern std::vector<delayed_store> buffers[max_fibers];
extern u8 *arena;
extern u32 generation, step_count;
extern int preemptions, delays_used, failures_left;

u64 mix(u64 a, u64 b);
int decide(int alternatives);
void schedule_point(bool forced);
void drain();
void arrive(int fiber); // its oldest delayed store

// Memory.
struct location {
	const void *address;
	u32 generation;
	vector_clock clock;
	u64 written, seen;
};
location &location_of(const void *address);
void set_up_memory();
void reset_memory();
void check_access(const void *address, unsigned long size, bool is_write, bool atomic);
void frame_is_dead(const void *from, const void *to);
void stack_is_dead(int fiber);
int living_blocks();

// Search.
enum class outcome { ends, pruned, fails };
struct decision {
	u8 chosen, alternatives;
};
struct search_result {
	outcome last = outcome::ends;
	bool exhausted = false;
	u64 schedules = 0, pruned = 0, steps = 0;
	u32 longest = 0;
	size_t ends = 0;
	double seconds = 0;
};
extern std::vector<decision> decisions;
extern std::string failure;
search_result search(const scenario &scenario, double limit);
void replay(const scenario &scenario);

// Story.
void tell(int fiber, const char *what, const void *address);
void tell_preemption();
void reset_story();
void print_story();
} // namespace explore
