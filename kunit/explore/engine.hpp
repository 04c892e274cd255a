// SPDX-License-Identifier: GPL-2.0
//
// What the parts of the explorer share.
#pragma once

#include <cstdint>
#include <string>
#include <unistd.h>
#include <unordered_set>
#include <utility>
#include <vector>

#include "explore.hpp"

namespace explore
{
using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;

constexpr int max_fibers = EXPLORE_FIBERS;
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
	u32 number; // of what is known of it
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
};

// What is known of a fiber besides. An execution that begins as the one before it does not find it out
// again: up to where they part it only runs, as fast as it can.
struct knowledge {
	vector_clock clock, released, acquired;
	u64 history; // a hash of all that it has done and seen
	u64 arrived; // a sum of its stores that others see, as far as they may be late
};

struct known_store {
	vector_clock clock;
	u64 history; // of its fiber then
};

// Takes back what was changed since a mark.
template <class T>
class undo_log
{
public:
	void keep(T &object)
	{
		if (count_ == kept_.size())
			kept_.resize(2 * count_ + 1024);
		entry &kept = kept_[count_++];

		// Not by way of the stack.
		kept.object = &object;
		kept.value = object;
	}
	size_t mark() const { return count_; }
	template <class F>
	void go_back(size_t mark, F changed)
	{
		while (count_ > mark) {
			const entry &kept = kept_[--count_];

			*kept.object = kept.value;
			changed(*kept.object);
		}
	}
	void go_back(size_t mark)
	{
		go_back(mark, [](T &) {});
	}

private:
	struct entry {
		T *object;
		T value;
	};
	std::vector<entry> kept_;
	size_t count_ = 0;
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
extern knowledge known[max_fibers];
extern bool replaying; // the beginning that is known
extern bool in_one_order;
extern unsigned int forced_steps; // since there was a choice
extern std::vector<delayed_store> buffers[max_fibers];
extern std::vector<known_store> known_stores; // those that were delayed
extern u32 delayed_stores;
extern u8 *arena;
extern u32 generation, step_count;
extern int preemptions, delays_used, failures_left;

u64 mix(u64 a, u64 b);
void learn(u64 what); // into the history of the running fiber
constexpr u64 all_of_them = ~0ull;
int decide(int alternatives, u64 of_these = all_of_them);
void schedule_point(bool forced);
void arrive(int fiber);                                     // its oldest delayed store
u64 arrival(const known_store &store, const void *address); // a hash of what others see then

// Memory.
struct location {
	const void *address;
	u32 generation;
	vector_clock clock;
	u64 written, seen;
};
extern location locations[1 << 14];
location &location_of(const void *address);
extern undo_log<location> old_locations;
size_t mark_memory();
void go_back_memory(size_t mark);
void set_up_memory();
void reset_memory();
void check_access(const void *address, unsigned long size, bool is_write, bool atomic);
void frame_is_dead(const void *from, const void *to);
void stack_is_dead(int fiber);
int living_blocks();

// Search.
struct turn {
	u8 chosen; // a fiber, or that and something that happens to it
	bool decided, costs, waits_for_time, can_be_foretold, may_delay;
	u8 cost; // with all before it
	u8 delays;
	// If this choice lets a store arrive, these say whose turn it is then, and what the state is.
	u8 goes_on;
	u64 leads_to;
};
enum class outcome { ends, pruned, fails };
struct decision {
	u8 chosen, alternatives;
	u64 left = 0; // those that have not been tried, a bit for each
	// What was known then.
	size_t memory = 0, locations = 0, knowledge = 0;
	u8 fibers = 0;
	// Of whose turn it is.
	size_t turns = 0;
	u64 state = 0;
};
struct search_result {
	outcome last = outcome::ends;
	bool exhausted = false;
	u64 schedules = 0, pruned = 0, steps = 0;
	u32 longest = 0;
	size_t ends = 0;
	u64 sum_of_ends = 0;
	double seconds = 0;
};
extern std::vector<decision> decisions;
extern std::string failure;
outcome run_once(const scenario &scenario);
bool is_new_decision();
void soon_in(u64 state); // brings it into the cache
// Without those that were chosen in this state before, with no more preemptions.
// The turn is the running fiber's, and others take it at a cost.
u64 not_done_yet(const turn *choices, int count, u64 state, bool has_turn);
void keep_turns(const turn *choices, int count, u64 state);
bool is_last_decision(); // of those that were made before
void pass_decision();
u64 part_of_state(int fiber, u64 history, int flags); // 1 if done
u64 delays_in_state(int delays);
// The turn of a fiber: all that it does from one point to the next.
void begin_turn(int fiber);
void end_turn();
void look_at(const location &at, bool is_write);
void cannot_be_foretold();
void could_be_delayed(); // a store, as long as one may
void add_end(u64 key);
search_result search(const scenario &scenario, double limit);
void replay(const scenario &scenario);

// Story.
void tell(int fiber, const char *what, const void *address);
void tell_preemption();
void reset_story();
void print_story();
} // namespace explore
