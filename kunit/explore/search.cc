// SPDX-License-Identifier: GPL-2.0
//
// The depth-first search of all choices.
#include "engine.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <sys/mman.h>

namespace explore
{
std::vector<decision> decisions;

namespace
{
// A state, by a hash of 64 bits, and with how many preemptions it was visited at the least: three bits for each
// whose turn it was, with 0 for never.
struct seen_state {
	static constexpr int anybody = max_fibers, nobody = anybody + 1, most = 6;

	u64 state, costs;

	bool has(int whose_turn, int cost) const
	{
		const u64 was = costs >> 3 * whose_turn & 7;

		return was && static_cast<int>(was) <= cost + 1;
	}
	void add(int whose_turn, int cost)
	{
		if (has(whose_turn, cost) || cost > most)
			return;
		costs &= ~(7ull << 3 * whose_turn);
		costs |= static_cast<u64>(cost + 1) << 3 * whose_turn;
	}
};
static_assert(3 * (seen_state::nobody + 1) <= 64);

// Its memory stays for the next scenario, as it is costly to get.
class seen_states
{
public:
	void clear()
	{
		use(1 << 12);
		used_ = 0;
	}
	seen_state &get(u64 state)
	{
		if (used_ > size_ / 4 * 3)
			grow();
		seen_state &at = find(state);

		used_ += !at.state;
		at.state = state;
		return at;
	}
	seen_state &find(u64 state)
	{
		for (u64 i = state;; ++i) {
			seen_state &at = this_[i & (size_ - 1)];

			if (!at.state || at.state == state)
				return at;
		}
	}
	void prefetch(u64 state) const { __builtin_prefetch(&this_[state & (size_ - 1)]); }

private:
	void grow()
	{
		const size_t size = size_;

		std::swap(this_, other_);
		use(2 * size);
		for (seen_state *at = other_; at < other_ + size; ++at) {
			if (at->state)
				find(at->state) = *at;
		}
	}
	void use(size_t size)
	{
		if (size > most)
			fail("more states than there is memory for");
		if (!this_) {
			void *const memory =
				mmap(nullptr, most * sizeof(seen_state), PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
			if (memory == MAP_FAILED)
				abort();
			// In large pages, as it is looked at here and there.
			madvise(memory, most * sizeof(seen_state), MADV_HUGEPAGE);
			this_ = static_cast<seen_state *>(memory);
		}
		memset(this_, 0, size * sizeof(seen_state));
		size_ = size;
	}

	static constexpr size_t most = 1ull << 30;

	seen_state *this_ = nullptr, *other_ = nullptr;
	size_t size_ = 0, used_ = 0;
};

seen_states seen;
std::unordered_set<u64> distinct_ends;
u64 sum_of_ends;
size_t depth, prefix;             // of the decisions; so many of which are made already
std::vector<knowledge> all_known; // at each decision, of each fiber
std::vector<turn> all_turns;      // at each decision of whose turn it is

void keep_knowledge(decision &made)
{
	made.memory = mark_memory();
	made.locations = old_locations.mark();
	made.knowledge = all_known.size();
	made.fibers = static_cast<u8>(fiber_count);
	all_known.insert(all_known.end(), known, known + fiber_count);
}

// What a fiber did in a turn, and what it looked at for that: the same again, where it finds the same.
struct deed {
	u64 after;   // its history
	u64 arrived; // of its stores
	struct {
		u64 at : 15, is_write : 1, state : 48;
	} seen[4];
	u8 count;
	bool is_whole, done, could_be_delayed;
};
constexpr u64 deeds_alike = 4; // where it found something else
struct {
	u64 before[deeds_alike]; // their histories
	deed all[deeds_alike];
	u64 next;
} deeds[1 << 12];
deed now;
u64 before_now;

auto &deeds_after(u64 history)
{
	return deeds[history % (sizeof(deeds) / sizeof(*deeds))];
}

u64 state_of(const location &at, bool is_write)
{
	return (is_write ? at.written + at.seen : at.written) >> 16;
}

const deed *foretold; // to be compared

bool is_as_it_was(const deed &deed)
{
	for (int i = 0; i < deed.count; ++i) {
		if (state_of(locations[deed.seen[i].at], deed.seen[i].is_write) !=
		    deed.seen[i].state)
			return false;
	}
	return true;
}

const deed *find_deed(u64 history)
{
	const auto &deeds = deeds_after(history);

	for (u64 i = 0; i < deeds_alike; ++i) {
		if (deeds.before[i] == history && is_as_it_was(deeds.all[i]))
			return &deeds.all[i];
	}
	return nullptr;
}

// With no more preemptions. Whose turn it is does not matter where a turn costs nothing.
bool is_visited(u64 state, int whose_turn, int cost)
{
	const seen_state &at = seen.find(state);

	return at.has(at.anybody, cost - 1) || at.has(at.nobody, cost) || at.has(whose_turn, cost);
}

// ... or with fewer stores that were late.
bool is_visited(u64 state, int whose_turn, int cost, int delays)
{
	const u64 others = state - delays_in_state(delays);

	for (; delays >= 0; --delays) {
		if (is_visited(others + delays_in_state(delays), whose_turn, cost))
			return true;
	}
	return false;
}

// After a store that arrives, or a step of a fiber that has been seen in another order with the steps before it.
// Or 0.
u64 state_after(const turn &next, u64 state)
{
	if (next.leads_to)
		return next.leads_to;

	const int number = next.chosen;
	const u64 history = known[number].history;

	const deed *const deed = next.can_be_foretold ? find_deed(history) : nullptr;
	if (!deed || (deed->could_be_delayed && next.may_delay))
		return 0;
	state += part_of_state(number, deed->after, deed->done) -
		 part_of_state(number, history, 0) + deed->arrived;
	return state;
}

// Whether that has been visited.
bool leads_nowhere(const turn &next, u64 state)
{
	return state && is_visited(state, next.leads_to ? next.goes_on : next.chosen, next.cost,
				   next.delays);
}

// To the last decision that can be made otherwise, and to what was known then.
bool go_back()
{
	for (; !decisions.empty(); decisions.pop_back()) {
		decision &last = decisions.back();

		if (!last.left)
			continue;
		go_back_memory(last.memory);
		old_locations.go_back(last.locations);
		all_known.resize(last.knowledge + last.fibers);
		std::copy(all_known.begin() + static_cast<long>(last.knowledge), all_known.end(),
			  known);
		if (last.state)
			all_turns.resize(last.turns + last.alternatives);
		while (last.left) {
			last.chosen = static_cast<u8>(__builtin_ctzll(last.left));
			last.left &= last.left - 1;
			const turn &next = all_turns[last.turns + last.chosen];
			if (!last.state || !leads_nowhere(next, state_after(next, last.state)))
				return true;
		}
	}
	return false;
}

double seconds_now()
{
	timespec t;

	// Of this process: the machine may have other things to do.
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}
} // namespace

bool is_new_decision()
{
	return depth == decisions.size();
}

bool is_last_decision()
{
	return depth + 1 == prefix;
}

// Whether that was chosen in this state with no more preemptions: who has the turn goes on at no cost, and each
// other at one more. A store that arrives, or a fiber that is held up, leaves the turn to whoever has it.
bool was_chosen(const seen_state &at, const turn &choice)
{
	if (choice.chosen >= max_fibers)
		return false;
	if (choice.waits_for_time)
		return at.has(at.anybody, preemptions);
	return at.has(choice.chosen, choice.cost) || at.has(at.nobody, choice.cost) ||
	       at.has(at.anybody, choice.cost - 1);
}

void soon_in(u64 state)
{
	seen.prefetch(state);
}

u64 not_done_yet(const turn *choices, int count, u64 state, bool has_turn)
{
	seen_state &at = seen.get(state);
	u64 left = 0, leads_to[4 * max_fibers];

	if (at.has(at.anybody, preemptions - 1) || at.has(at.nobody, preemptions) ||
	    (has_turn && at.has(running, preemptions)))
		return 0;
	for (int i = 0; i < count; ++i) {
		if (was_chosen(at, choices[i]))
			continue;
		left |= 1ull << i;
		leads_to[i] = state_after(choices[i], state);
		if (leads_to[i])
			seen.prefetch(leads_to[i]);
	}
	at.add(at.anybody, preemptions);
	at.add(has_turn ? running : at.nobody, preemptions);
	if (delays_used &&
	    is_visited(state - delays_in_state(delays_used) + delays_in_state(delays_used - 1),
		       running, preemptions, delays_used - 1))
		return 0;
	for (u64 all = left; all; all &= all - 1) {
		const int i = __builtin_ctzll(all);

		if (leads_nowhere(choices[i], leads_to[i]))
			left &= ~(1ull << i);
	}
	return left;
}

void keep_turns(const turn *choices, int count, u64 state)
{
	if (!state || count == 1 || !decisions.back().left)
		return;
	decisions.back().state = state;
	decisions.back().turns = all_turns.size();
	all_turns.insert(all_turns.end(), choices, choices + count);
}

void begin_turn(int number)
{
	// The search looks up the outcome of a step only where there is a choice.
	now.is_whole = !replaying && (forced_steps < 2 || !option.prune) && buffers[number].empty();
	before_now = known[number].history;
	now.arrived = known[number].arrived;
	now.count = 0;
	now.could_be_delayed = false;
	foretold = option.prune || replaying ? nullptr : find_deed(before_now);
}

void end_turn()
{
	if (!now.is_whole)
		return;
	now.after = known[running].history;
	now.arrived = known[running].arrived - now.arrived;
	now.done = fibers[running].done;

	if (foretold && !foretold->could_be_delayed &&
	    (foretold->after != now.after || foretold->done != now.done))
		fail("%s does not do the same as before where it finds the same",
		     fibers[running].name);

	auto &deeds = deeds_after(before_now);
	for (u64 i = 0; i < deeds_alike; ++i) {
		if (deeds.before[i] == before_now && deeds.all[i].after == now.after)
			return;
	}
	const u64 last = deeds.next++ % deeds_alike;
	deeds.before[last] = before_now;
	deeds.all[last] = now;
}

void look_at(const location &at, bool is_write)
{
	const u64 number = static_cast<u64>(&at - locations);

	if (!now.is_whole)
		return;
	for (int i = 0; i < now.count; ++i) {
		if (now.seen[i].at != number)
			continue;
		if (is_write && !now.seen[i].is_write)
			now.is_whole = false;
		return;
	}
	if (now.count == sizeof(now.seen) / sizeof(*now.seen))
		now.is_whole = false;
	else
		now.seen[now.count++] = {number, is_write, state_of(at, is_write) & ~0ull >> 16};
}

void could_be_delayed()
{
	now.could_be_delayed = true;
}

void cannot_be_foretold()
{
	now.is_whole = false;
}

void add_end(u64 key)
{
	if (distinct_ends.insert(key).second)
		sum_of_ends += mix(key, 0);
}

void pass_decision()
{
	++depth;
}

int decide(int alternatives, u64 of_these)
{
	if (alternatives == 1)
		return 0;
	cannot_be_foretold();
	if (is_new_decision()) {
		const u64 all = of_these & ((1ull << alternatives) - 1);
		decision made = {static_cast<u8>(__builtin_ctzll(all)),
				 static_cast<u8>(alternatives)};

		made.left = all & (all - 1);
		if (made.left)
			keep_knowledge(made);
		decisions.push_back(made);
	}

	const decision &made = decisions[depth++];

	// A schedule that was given does not say how many there are.
	if (made.alternatives ? made.alternatives != alternatives : made.chosen >= alternatives) {
		fprintf(stderr,
			"explore: an execution is not repeatable, or the schedule is of another version\n");
		abort();
	}
	if (depth == prefix)
		replaying = false;
	return made.chosen;
}

search_result search(const scenario &scenario, double limit)
{
	search_result result;
	const double start = seconds_now();

	++generation;
	memset(deeds, 0, sizeof(deeds));
	seen.clear();
	decisions.clear();
	all_known.clear();
	all_turns.clear();
	distinct_ends.clear();
	sum_of_ends = 0;
	go_back_memory(0);
	old_locations.go_back(0);
	prefix = 0;
	for (;;) {
		depth = 0;
		replaying = prefix;
		result.last = run_once(scenario);
		++result.schedules;
		result.steps += step_count;
		result.pruned += result.last == outcome::pruned;
		result.longest = step_count > result.longest ? step_count : result.longest;
		if (result.last == outcome::fails) {
			decisions.resize(depth);
			break;
		}
		if (!go_back()) {
			result.exhausted = true;
			break;
		}
		prefix = decisions.size();
		if (limit > 0 && result.schedules % 256 == 0 && seconds_now() - start > limit)
			break;
	}
	result.ends = distinct_ends.size();
	result.sum_of_ends = sum_of_ends;
	result.seconds = seconds_now() - start;
	return result;
}

// All of it is found out anew, for the story.
void replay(const scenario &scenario)
{
	++generation;
	depth = 0;
	prefix = 0;
	replaying = false;
	const options before = option;
	option.prune = false;
	option.story = true;
	if (run_once(scenario) != outcome::fails)
		failure.clear();
	option = before;
}
} // namespace explore
