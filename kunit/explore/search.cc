// SPDX-License-Identifier: GPL-2.0
//
// The depth-first search of all choices.
#include "engine.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace explore
{
std::vector<decision> decisions;

namespace
{
// What was chosen in which state, by a hash of 58 bits, with the fewest preemptions. All of a state stands
// together.
class seen_states
{
public:
	void clear()
	{
		table_.assign(1 << 12, {});
		used_ = 0;
	}
	// Whether it was there with no more of them.
	bool check(u64 state, u64 what, int cost)
	{
		if (used_ > table_.size() / 2)
			grow();
		const u64 key = (mix(state, what) & ~cost_mask) | present;
		entry &at = find(state, key);

		if (at.key && (at.key & cost_mask) <= static_cast<u64>(cost))
			return true;
		used_ += !at.key;
		at = {key | static_cast<u64>(cost), static_cast<u32>(state)};
		return false;
	}
	bool has(u64 state, u64 what, int cost)
	{
		const u64 key = (mix(state, what) & ~cost_mask) | present;
		const entry &at = find(state, key);

		return at.key && (at.key & cost_mask) <= static_cast<u64>(cost);
	}

private:
	static constexpr u64 cost_mask = 31, present = 32;

	struct [[gnu::packed]] entry {
		u64 key;
		u32 place;
	};

	entry &find(u64 state, u64 key)
	{
		for (u64 i = static_cast<u32>(state) * 8ull;; ++i) {
			entry &at = table_[i & (table_.size() - 1)];

			if (!at.key || !((at.key ^ key) & ~cost_mask))
				return at;
		}
	}
	void grow()
	{
		std::vector<entry> old(4 * table_.size());

		old.swap(table_);
		for (const entry &at : old) {
			if (at.key)
				find(at.place, at.key) = at;
		}
	}

	std::vector<entry> table_;
	size_t used_ = 0;
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
	u64 before, after; // its history
	u64 arrived;       // of its stores
	struct {
		const location *at;
		u64 state;
		bool is_write;
	} seen[4];
	int count;
	bool is_whole, done, could_be_delayed;
};
constexpr u64 deeds_alike = 4; // where it found something else
struct {
	deed all[deeds_alike];
	u64 next;
} deeds[1 << 12];
deed now;

auto &deeds_after(u64 history)
{
	return deeds[history % (sizeof(deeds) / sizeof(*deeds))];
}

u64 state_of(const location &at, bool is_write)
{
	return is_write ? at.written + at.seen : at.written;
}

const deed *foretold; // to be compared

bool is_as_it_was(const deed &deed)
{
	for (int i = 0; i < deed.count; ++i) {
		if (state_of(*deed.seen[i].at, deed.seen[i].is_write) != deed.seen[i].state)
			return false;
	}
	return true;
}

const deed *find_deed(u64 history)
{
	for (const deed &deed : deeds_after(history).all) {
		if (deed.is_whole && deed.before == history && is_as_it_was(deed))
			return &deed;
	}
	return nullptr;
}

// Whose turn it is does not matter where a turn costs nothing.
constexpr u64 anybody = 1000, nobody = 1001, somebody = 1002;

// With no more preemptions.
bool is_visited(u64 state, int whose_turn, int cost)
{
	return (cost && seen.has(state, anybody, cost - 1)) || seen.has(state, nobody, cost) ||
	       seen.has(state, somebody + static_cast<u64>(whose_turn), cost);
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

// A step of a fiber that has been seen in another order with the steps before it, or a store that arrives:
// whether the state after it has been visited.
bool leads_nowhere(const turn &next, u64 state)
{
	if (next.leads_to)
		return is_visited(next.leads_to, next.goes_on, next.cost, next.delays);

	const int number = next.chosen;
	const u64 history = known[number].history;

	const deed *const deed = next.can_be_foretold ? find_deed(history) : nullptr;
	if (!deed || (deed->could_be_delayed && next.may_delay))
		return false;
	state += part_of_state(number, deed->after, deed->done) -
		 part_of_state(number, history, 0) + deed->arrived;
	return is_visited(state, number, next.cost, next.delays);
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
			if (!last.state ||
			    !leads_nowhere(all_turns[last.turns + last.chosen], last.state))
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

// A store that arrives, or a fiber that is held up, leaves the turn to whoever has it.
u64 edge(u64 chosen)
{
	return chosen < max_fibers ? chosen : chosen + 64 * static_cast<u64>(running + 1);
}

u64 not_done_yet(const turn *choices, int count, u64 state)
{
	u64 left = 0;

	if (preemptions && seen.has(state, anybody, preemptions - 1))
		return 0;
	if (delays_used &&
	    is_visited(state - delays_in_state(delays_used) + delays_in_state(delays_used - 1),
		       running, preemptions, delays_used - 1))
		return 0;
	for (int i = 0; i < count; ++i) {
		if (!seen.check(state, edge(choices[i].chosen), choices[i].cost) &&
		    !leads_nowhere(choices[i], state))
			left |= 1ull << i;
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

void visit(u64 state, bool has_turn)
{
	seen.check(state, anybody, preemptions);
	seen.check(state, has_turn ? somebody + static_cast<u64>(running) : nobody, preemptions);
}

void begin_turn(int number)
{
	now.is_whole = !replaying && buffers[number].empty();
	now.before = known[number].history;
	now.arrived = known[number].arrived;
	now.count = 0;
	now.could_be_delayed = false;
	foretold = option.prune || replaying ? nullptr : find_deed(now.before);
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

	auto &deeds = deeds_after(now.before);
	for (deed &deed : deeds.all) {
		if (deed.before == now.before && deed.after == now.after)
			return;
	}
	deeds.all[deeds.next++ % deeds_alike] = now;
}

void look_at(const location &at, bool is_write)
{
	if (!now.is_whole)
		return;
	for (int i = 0; i < now.count; ++i) {
		if (now.seen[i].at != &at)
			continue;
		if (is_write && !now.seen[i].is_write)
			now.is_whole = false;
		return;
	}
	if (now.count == sizeof(now.seen) / sizeof(*now.seen))
		now.is_whole = false;
	else
		now.seen[now.count++] = {&at, state_of(at, is_write), is_write};
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
