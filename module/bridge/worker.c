// SPDX-License-Identifier: GPL-2.0
#include <linux/freezer.h>
#include <linux/hrtimer.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/version.h>

#include "bridge.h"

bool bridge_should_yield(void)
{
	return need_resched() || freezing(current);
}

static_assert(sizeof_field(struct bridge_timer, storage) == sizeof(struct hrtimer));
static_assert(__alignof__(struct bridge_timer) >= __alignof__(struct hrtimer));
static_assert(offsetof(struct bridge_timer, storage) == 0);

static struct hrtimer *hrtimer_of(struct bridge_timer *timer)
{
	return (struct hrtimer *)timer->storage;
}

static enum hrtimer_restart timer_expired(struct hrtimer *hrtimer)
{
	struct bridge_timer *timer = (struct bridge_timer *)hrtimer;

	timer->expired(timer);
	return HRTIMER_NORESTART;
}

/* Debug objects want to be told where an object is. */
void bridge_timer_init(struct bridge_timer *timer, void (*expired)(struct bridge_timer *timer))
{
	struct hrtimer *hrtimer = hrtimer_of(timer);
	bool on_stack = object_is_on_stack(timer);

	timer->expired = expired;
#if KERNEL_VERSION(6, 13, 0) <= LINUX_VERSION_CODE
	(on_stack ? hrtimer_setup_on_stack : hrtimer_setup)(hrtimer, timer_expired, CLOCK_MONOTONIC,
							    HRTIMER_MODE_ABS);
#else
	(on_stack ? hrtimer_init_on_stack : hrtimer_init)(hrtimer, CLOCK_MONOTONIC,
							  HRTIMER_MODE_ABS);
	hrtimer->function = timer_expired;
#endif
}

void bridge_timer_start(struct bridge_timer *timer, long long expires)
{
	hrtimer_start(hrtimer_of(timer), expires, HRTIMER_MODE_ABS);
}

bool bridge_timer_cancel(struct bridge_timer *timer)
{
	return hrtimer_cancel(hrtimer_of(timer));
}

void bridge_timer_destroy(struct bridge_timer *timer)
{
	bridge_timer_cancel(timer);
	destroy_hrtimer_on_stack(hrtimer_of(timer));
}
