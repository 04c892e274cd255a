// SPDX-License-Identifier: GPL-2.0
//
// Items for the scenarios of the worker.
#pragma once

#include "scenario.hpp"

// An item that counts its runs.
struct counts {
	counted c;
	counts(tally &t) : c(t) {}
	void operator()() { c(); }
};

using item = kthread::work<counts>;
using delayed = kthread::delayed_work<counts>;

// Each queueing that was accepted is a run or a cancel, and nothing else.
inline void expect_runs(const tally &t, int queued, int cancelled)
{
	expect(t.calls_now() == queued - cancelled,
	       "each item that was queued has run or was cancelled");
}

// A worker whose thread waits for items already. The scenarios of worker.cc explore its start.
inline kthread::result<kthread::worker> sleeping_worker()
{
	one_order();
	auto w = kthread::worker::run("worker");
	all_orders();
	return w;
}
