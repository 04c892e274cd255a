// SPDX-License-Identifier: GPL-2.0
#include <linux/hrtimer.h>
#include <linux/sched/task_stack.h>
#include <linux/version.h>

#include "bridge.h"

static_assert(offsetof(struct bridge_clock, storage) == 0);
static_assert(sizeof_field(struct bridge_clock, storage) == sizeof(struct hrtimer));

static struct hrtimer *hrtimer_of(struct bridge_clock *clock)
{
	return (struct hrtimer *)clock->storage;
}

static enum hrtimer_restart clock_expired(struct hrtimer *hrtimer)
{
	struct bridge_clock *clock = (struct bridge_clock *)hrtimer;
	long long period = READ_ONCE(clock->period);

	if (period) {
		unsigned long long over = hrtimer_forward_now(hrtimer, period);

		/* Within the slack the time is not over yet for hrtimer_forward(). */
		if (over)
			clock->missed += over - 1;
		else
			hrtimer_add_expires_ns(hrtimer, period);
	}
	clock->expired(clock);
	/* The callable may have ended the period, or started the timer anew. */
	return READ_ONCE(clock->period) && !hrtimer_is_queued(hrtimer) ? HRTIMER_RESTART
								       : HRTIMER_NORESTART;
}

void bridge_clock_init(struct bridge_clock *clock)
{
	struct hrtimer *hrtimer = hrtimer_of(clock);
	bool on_stack = object_is_on_stack(clock);

#if KERNEL_VERSION(6, 13, 0) <= LINUX_VERSION_CODE
	(on_stack ? hrtimer_setup_on_stack : hrtimer_setup)(hrtimer, clock_expired, CLOCK_MONOTONIC,
							    HRTIMER_MODE_ABS_HARD);
#else
	(on_stack ? hrtimer_init_on_stack : hrtimer_init)(hrtimer, CLOCK_MONOTONIC,
							  HRTIMER_MODE_ABS_HARD);
	hrtimer->function = clock_expired;
#endif
}

void bridge_clock_start(struct bridge_clock *clock, long long expires, long long period,
			unsigned long long slack)
{
	WRITE_ONCE(clock->period, period);
	hrtimer_start_range_ns(hrtimer_of(clock), expires, slack, HRTIMER_MODE_ABS_HARD);
}

bool bridge_clock_end(struct bridge_clock *clock)
{
	WRITE_ONCE(clock->period, 0);
	return hrtimer_try_to_cancel(hrtimer_of(clock)) > 0;
}

bool bridge_clock_cancel(struct bridge_clock *clock)
{
	WRITE_ONCE(clock->period, 0);
	return hrtimer_cancel(hrtimer_of(clock));
}

bool bridge_clock_is_active(const struct bridge_clock *clock)
{
	return hrtimer_active(hrtimer_of((struct bridge_clock *)clock));
}

void bridge_clock_destroy(struct bridge_clock *clock)
{
	bridge_clock_cancel(clock);
	destroy_hrtimer_on_stack(hrtimer_of(clock));
}
