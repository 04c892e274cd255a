/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The bridge to the kernel's timers, for kthread/timer.hpp and for executors that run in
 * interrupts. bridge.h has the rest.
 */
#ifndef KTHREADXX_TIMER_H
#define KTHREADXX_TIMER_H

#include "bridge/bridge.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * bridge_clock - calls expired(), in hard interrupt context, once or with a period
 * @missed: how many periods were over before expired() could come
 *
 * bridge_clock_start(): the first time at @expires of ktime_get(), and up to @slack later if that
 * saves an interrupt; with a @period of 0 that is all. Context: hard interrupt.
 * bridge_clock_end(): no more, also from expired(); true if expired() was due to come. Context:
 * hard interrupt. bridge_clock_cancel(), bridge_clock_destroy(): the same, and waits for expired().
 * Context: atomic, but not expired(). bridge_clock_is_active(): whether expired() is due to come,
 * or runs. Context: hard interrupt. Wrap hrtimer_start_range_ns(), hrtimer_try_to_cancel(),
 * hrtimer_cancel().
 */
struct bridge_clock {
	BRIDGE_STORAGE(HRTIMER);
	void (*expired)(struct bridge_clock *clock);
	struct bridge_lock lock; /* for what follows */
	long long due;
	long long period;
	unsigned long long slack;
	unsigned long long missed;
	bool armed;
	bool running; /* expired() */
	struct bridge_link link;
};

void bridge_clock_init(struct bridge_clock *clock);
void bridge_clock_start(struct bridge_clock *clock, long long expires, long long period,
			unsigned long long slack);
bool bridge_clock_end(struct bridge_clock *clock);
bool bridge_clock_cancel(struct bridge_clock *clock);
bool bridge_clock_is_active(const struct bridge_clock *clock);
void bridge_clock_destroy(struct bridge_clock *clock);

/*
 * bridge_alarm - calls expired(), in hard interrupt context, which says when it comes next
 *
 * expired() returns a time of ktime_get(), or BRIDGE_NEVER. The time is not looked at if another
 * context has started the alarm since expired() was called. So those start it for a time that comes
 * no later. bridge_alarm_start(): context: hard interrupt. bridge_alarm_destroy(): waits for
 * expired(). Context: atomic, but not expired(). Wrap hrtimer_start(), hrtimer_cancel().
 */
struct bridge_alarm {
	BRIDGE_STORAGE(HRTIMER);
	long long (*expired)(struct bridge_alarm *alarm);
	struct bridge_lock lock; /* for its time */
};

#define BRIDGE_NEVER 0x7fffffffffffffffLL

void bridge_alarm_init(struct bridge_alarm *alarm);
void bridge_alarm_start(struct bridge_alarm *alarm, long long expires);
void bridge_alarm_destroy(struct bridge_alarm *alarm);

#ifdef __cplusplus
}
#endif

#endif
