// SPDX-License-Identifier: GPL-2.0
/* How costs grow with the number of jobs, and with the number of those that queue items. */
#include <linux/kernel.h>

#include "row.h"

JOBS(c, 1)
JOBS(c, 10)
JOBS(c, 100)
JOBS(c, 1000)
JOBS(c, 10000)
JOBS(c, 100000)
JOBS(cxx, 1)
JOBS(cxx, 10)
JOBS(cxx, 100)
JOBS(cxx, 1000)
JOBS(cxx, 10000)
JOBS(cxx, 100000)

/* Few jobs beat often each, so that the work besides does not count. */
#define GROWING_JOBS(jobs, beats)                                                                  \
	{BOTH(jobs_##jobs), "beat of " #jobs, INSNS, beats, 1},                                    \
		{BOTH(jobs_create), "create " #jobs, INSNS, jobs, 1},                              \
	{                                                                                          \
		BOTH(jobs_stop), "stop " #jobs, INSNS, jobs, 1                                     \
	}

static const struct row jobs[] = {
	GROWING_JOBS(1, 200),      GROWING_JOBS(10, 1000),      GROWING_JOBS(100, 2000),
	GROWING_JOBS(1000, 10000), GROWING_JOBS(10000, 100000), GROWING_JOBS(100000, 200000),
};

#define PRODUCERS(side)                                                                            \
	PRODUCE(side, 1) PRODUCE(side, 2) PRODUCE(side, 4) PRODUCE(side, 8) PRODUCE(side, 16)

PRODUCERS(c)
PRODUCERS(cxx)
PRODUCERS(llist)
PRODUCERS(wq)
PRODUCERS(unbound)

#define ITEMS 32000
#define GROWING_ITEMS(producers)                                                                   \
	{BOTH(produce_##producers), "worker " #producers, "ns", ITEMS, 5},                         \
		{{llist_produce_##producers}, "llist " #producers, "ns", ITEMS, 5},                \
		{{wq_produce_##producers}, "ordered " #producers, "ns", ITEMS, 5},                 \
	{                                                                                          \
		{unbound_produce_##producers}, "unbound " #producers, "ns", ITEMS, 5               \
	}

static const struct row items[] = {
	GROWING_ITEMS(1), GROWING_ITEMS(2), GROWING_ITEMS(4), GROWING_ITEMS(8), GROWING_ITEMS(16),
};

const struct rows growing_jobs = {jobs, ARRAY_SIZE(jobs)};
const struct rows growing_items = {items, ARRAY_SIZE(items)};
