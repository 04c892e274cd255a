// SPDX-License-Identifier: GPL-2.0
#include <linux/bug.h>
#include <linux/kernel.h>
#include <linux/ratelimit.h>
#include <linux/refcount.h>
#include <linux/wait_bit.h>

#include "kernel.h"

void cxxrt_wait_var(const void *address, bool (*changed)(const void *context), const void *context)
{
	wait_var_event((void *)address, changed(context));
}

void cxxrt_wake_var(const void *address)
{
	/* The waiter looks at the value after it has entered itself into the queue. */
	smp_mb();
	wake_up_var((void *)address);
}

void cxxrt_warn(const char *file, int line, const char *condition)
{
	WARN(1, "%s:%d: %s\n", file, line, condition);
}

void cxxrt_might_sleep(const char *file, int line)
{
#ifdef CONFIG_DEBUG_ATOMIC_SLEEP
	__might_sleep(file, line);
#endif
	might_resched();
}

bool cxxrt_ratelimit(struct cxxrt_ratelimit_site *site, const char *function)
{
	struct ratelimit_state *limit = (struct ratelimit_state *)site->limit.bytes;

	BUILD_BUG_ON(sizeof(*limit) > sizeof(site->limit));
	/* 0: not made yet, 1: being made, meanwhile there is no limit, 2: made. */
	/* Pairs with the release below: the limit is whole then. */
	if (smp_load_acquire(&site->state) != 2) {
		if (cmpxchg(&site->state, 0, 1))
			return true;
		ratelimit_default_init(limit);
		/* Pairs with the acquire above. */
		smp_store_release(&site->state, 2);
	}
	return ___ratelimit(limit, function);
}

static refcount_t *refcount(const int *count)
{
	BUILD_BUG_ON(sizeof(refcount_t) != sizeof(*count));
	return (refcount_t *)count;
}

void cxxrt_refcount_set(int *count, int value)
{
	refcount_set(refcount(count), value);
}

void cxxrt_refcount_inc(int *count)
{
	refcount_inc(refcount(count));
}

bool cxxrt_refcount_inc_not_zero(int *count)
{
	return refcount_inc_not_zero(refcount(count));
}

bool cxxrt_refcount_dec_and_test(int *count)
{
	return refcount_dec_and_test(refcount(count));
}

unsigned int cxxrt_refcount_read(const int *count)
{
	return refcount_read(refcount(count));
}
