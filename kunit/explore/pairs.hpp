// SPDX-License-Identifier: GPL-2.0
//
// Scenarios of a table: each two of its operations are one, named by both.
#pragma once

#include "scenario.hpp"

namespace explore
{
// pairs of_threads("created", names, run, why_not) adds the scenarios created_wake_stop and so on; with two
// tables, each of one with each of the other, in this order. The function asks current_scenario for the
// two numbers. Null from why_not(), or why the headers forbid the pair.
template <int n, int m = n>
class pairs
{
public:
	using reason = const char *(int one, int other);
	pairs(const char *kind, const char *const (&names)[n], void (*run)(), reason *why_not)
		: pairs(kind, names, names, run, why_not, false)
	{
	}
	pairs(const char *kind, const char *const (&ones)[n], const char *const (&others)[m],
	      void (*run)(), reason *why_not, bool in_both_orders = true)
	{
		for (int one = 0; one < n; ++one) {
			for (int other = in_both_orders ? 0 : one; other < m; ++other) {
				if (!why_not(one, other))
					add(one, other, kind, ones[one], others[other], run);
			}
		}
	}

private:
	static constexpr int longest = 48;

	void add(int one, int other, const char *kind, const char *first, const char *second,
		 void (*run)())
	{
		char *name = names_[count_];

		for (const char *part : {kind, "_", first, "_", second}) {
			while (*part)
				*name++ = *part++;
		}
		all_[count_] = {.name = names_[count_],
				.run = run,
				.next = scenarios,
				.one = one,
				.other = other};
		scenarios = &all_[count_++];
	}

	scenario all_[n * m];
	char names_[n * m][longest] = {};
	int count_ = 0;
};

inline const char *all_are_allowed(int, int)
{
	return nullptr;
}
} // namespace explore
