/* SPDX-License-Identifier: GPL-2.0 */
/* The rows that main.c measures: each is an operation, by up to three sides. */
#ifndef KTHREADXX_BENCH_ROW_H
#define KTHREADXX_BENCH_ROW_H

#include <linux/types.h>

#include "bench.h"

/* Goals are ratios in thousandths: of ours to the reference, of ours to the tutorials' way. */
struct row {
	u64 (*side[3])(unsigned int n);
	const char *name;
	const char *unit;
	unsigned int n;
	unsigned int samples;
	unsigned int goal;
	unsigned int tutorial_goal;
	const char *start; /* and what their start took is a row of this name */
};

struct rows {
	const struct row *row;
	unsigned int n;
};

/* Those of how costs grow, for the plots. Each with counted=1 has the first, else the second. */
extern const struct rows growing_jobs, growing_items;

#define INSNS "instructions"
#define VIRTUAL "virtual ns"

#define BOTH(operation)                                                                            \
	{                                                                                          \
		c_##operation, cxx_##operation                                                     \
	}
#define TAUGHT(operation)                                                                          \
	{                                                                                          \
		c_##operation, cxx_##operation, tutorial_##operation                               \
	}

#define PRODUCE(side, producers)                                                                   \
	static u64 side##_produce_##producers(unsigned int n)                                      \
	{                                                                                          \
		return side##_work_produce(n, producers);                                          \
	}
#define JOBS(side, jobs)                                                                           \
	static u64 side##_jobs_##jobs(unsigned int n)                                              \
	{                                                                                          \
		return side##_jobs(jobs, n);                                                       \
	}

#endif
