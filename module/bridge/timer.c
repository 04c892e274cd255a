// SPDX-License-Identifier: GPL-2.0
#include <linux/hrtimer.h>
#include <linux/printk.h>
#include <linux/sched/task_stack.h>
#include <linux/version.h>

#include "module.h"
#include "raw_lock.h"
#include "timer.h"
#include "workqueue.h"

static_assert(offsetof(struct bridge_clock, storage) == 0);
static_assert(sizeof_field(struct bridge_clock, storage) == sizeof(struct hrtimer));
static_assert(offsetof(struct bridge_alarm, storage) == 0);
static_assert(sizeof_field(struct bridge_alarm, storage) == sizeof(struct hrtimer));
static_assert(BRIDGE_NEVER == KTIME_MAX);

static void init(struct hrtimer *hrtimer, enum hrtimer_restart (*expired)(struct hrtimer *hrtimer))
{
	bool on_stack = object_is_on_stack(hrtimer);

#if KERNEL_VERSION(6, 13, 0) <= LINUX_VERSION_CODE
	(on_stack ? hrtimer_setup_on_stack : hrtimer_setup)(hrtimer, expired, CLOCK_MONOTONIC,
							    HRTIMER_MODE_ABS_HARD);
#else
	(on_stack ? hrtimer_init_on_stack : hrtimer_init)(hrtimer, CLOCK_MONOTONIC,
							  HRTIMER_MODE_ABS_HARD);
	hrtimer->function = expired;
#endif
}

static struct hrtimer *hrtimer_of(struct bridge_clock *clock)
{
	return (struct hrtimer *)clock->storage;
}

/*
 * The lock decides whether the callable is due: another context may start the timer anew or end it
 * while its interrupt is on the way. The interrupt of a time that does not count any more does
 * nothing.
 */
static enum hrtimer_restart clock_expired(struct hrtimer *hrtimer)
{
	struct bridge_clock *clock = (struct bridge_clock *)hrtimer;
	unsigned long flags = bridge_lock_acquire(&clock->lock);
	long long late = ktime_get() - clock->due;
	bool is_due = clock->armed && late >= 0 && !READ_ONCE(bridge_module_is_over);

	if (is_due && clock->period) {
		unsigned long long over = div64_u64(late, clock->period);

		clock->missed += over;
		clock->due += (over + 1) * clock->period;
		hrtimer_start_range_ns(hrtimer, clock->due, clock->slack, HRTIMER_MODE_ABS_HARD);
	} else if (is_due) {
		clock->armed = false;
	}
	clock->running = is_due;
	bridge_lock_release(&clock->lock, flags);
	if (is_due) {
		clock->expired(clock);
		flags = bridge_lock_acquire(&clock->lock);
		clock->running = false;
		bridge_lock_release(&clock->lock, flags);
	}
	return HRTIMER_NORESTART;
}

static bool has_ended(struct bridge_link *link)
{
	struct bridge_clock *clock = container_of(link, struct bridge_clock, link);

	bridge_clock_end(clock);
	return hrtimer_try_to_cancel(hrtimer_of(clock)) >= 0;
}

/*
 * The kernel is about to free the memory of a module that forgot this timer. The callable of
 * another one may destroy it meanwhile.
 */
static void left_behind(struct bridge_link *link, enum bridge_end how)
{
	if (!bridge_module_is_over)
		pr_err("kthread: a timer is ended, as its module goes without it\n");
	if (bridge_module_poll(link, has_ended) && how == BRIDGE_FREE)
		bridge_module_remove_polled(link);
}

void bridge_clock_init(struct bridge_clock *clock)
{
	bridge_lock_init(&clock->lock);
	clock->armed = false;
	clock->running = false;
	clock->missed = 0;
	init(hrtimer_of(clock), clock_expired);
	bridge_module_add_called(&clock->link, false, left_behind);
}

void bridge_clock_start(struct bridge_clock *clock, long long expires, long long period,
			unsigned long long slack)
{
	unsigned long flags = bridge_lock_acquire(&clock->lock);

	/* A negative time never comes in UML 6.1. */
	clock->due = max(expires, 0LL);
	clock->period = period;
	clock->slack = slack;
	clock->armed = true;
	hrtimer_start_range_ns(hrtimer_of(clock), clock->due, slack, HRTIMER_MODE_ABS_HARD);
	bridge_lock_release(&clock->lock, flags);
}

bool bridge_clock_end(struct bridge_clock *clock)
{
	unsigned long flags = bridge_lock_acquire(&clock->lock);
	bool was_armed = clock->armed;

	clock->armed = false;
	hrtimer_try_to_cancel(hrtimer_of(clock));
	bridge_lock_release(&clock->lock, flags);
	return was_armed;
}

bool bridge_clock_cancel(struct bridge_clock *clock)
{
	bool was_armed = bridge_clock_end(clock);

	hrtimer_cancel(hrtimer_of(clock));
	/* The callable may have started it again before it returned. */
	return bridge_clock_end(clock) || was_armed;
}

bool bridge_clock_is_active(const struct bridge_clock *clock)
{
	struct bridge_lock *lock = (struct bridge_lock *)&clock->lock;
	unsigned long flags = bridge_lock_acquire(lock);
	/* Not by hrtimer_active(): a timer that its callable ends stays in the kernel's queue. */
	bool is_active = clock->armed || clock->running;

	bridge_lock_release(lock, flags);
	return is_active;
}

void bridge_clock_destroy(struct bridge_clock *clock)
{
	bridge_module_remove_polled(&clock->link);
	bridge_clock_cancel(clock);
	destroy_hrtimer_on_stack(hrtimer_of(clock));
}

static struct hrtimer *hrtimer_in(struct bridge_alarm *alarm)
{
	return (struct hrtimer *)alarm->storage;
}

/*
 * A timer that is queued must not get another time but by hrtimer_start(), and it has the time that
 * comes first. One that is started after the lock is released, the kernel finds queued.
 */
static WITHOUT_CALLS enum hrtimer_restart alarm_expired(struct hrtimer *hrtimer)
{
	struct bridge_alarm *alarm = (struct bridge_alarm *)hrtimer;
	enum hrtimer_restart restart = HRTIMER_NORESTART;
	long long next = alarm->expired(alarm);
	unsigned long flags;

	if (next == BRIDGE_NEVER)
		return restart;
	RAW_LOCK_ACQUIRE(lock_of(&alarm->lock), flags);
	if (!hrtimer_is_queued(hrtimer)) {
		hrtimer_set_expires(hrtimer, next);
		restart = HRTIMER_RESTART;
	}
	RAW_LOCK_RELEASE(lock_of(&alarm->lock), flags);
	return restart;
}

void bridge_alarm_init(struct bridge_alarm *alarm)
{
	bridge_lock_init(&alarm->lock);
	init(hrtimer_in(alarm), alarm_expired);
}

void bridge_alarm_start(struct bridge_alarm *alarm, long long expires)
{
	unsigned long flags = bridge_lock_acquire(&alarm->lock);

	hrtimer_start(hrtimer_in(alarm), expires, HRTIMER_MODE_ABS_HARD);
	bridge_lock_release(&alarm->lock, flags);
}

void bridge_alarm_destroy(struct bridge_alarm *alarm)
{
	hrtimer_cancel(hrtimer_in(alarm));
	destroy_hrtimer_on_stack(hrtimer_in(alarm));
}
