// SPDX-License-Identifier: GPL-2.0
#include <linux/completion.h>
#include <linux/hrtimer.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/version.h>

#include "flags.h"
#include "inbox.h"
#include "raw_lock.h"

/* Under the lock, which it releases. Of its own, for what it takes more than the usual way. */
static noinline WITHOUT_CALLS bool put_slowly(struct bridge_entry *entry,
					      struct bridge_inbox *inbox, unsigned int *state,
					      unsigned long flags) __releases(inbox->lock)
{
	bool is_put = inbox->mode != BRIDGE_CLOSED && !*state;

	if (is_put) {
		*state = BRIDGE_LISTED;
		bridge_inbox_append(inbox, entry);
		if (inbox->mode == BRIDGE_ASLEEP)
			inbox->wake(entry);
	}
	RAW_LOCK_RELEASE(lock_of(inbox->lock), flags);
	return is_put || inbox->put_otherwise(entry);
}

WITHOUT_CALLS bool bridge_inbox_put(struct bridge_entry *entry, struct bridge_inbox *inbox,
				    unsigned int *state)
{
	raw_spinlock_t *lock = lock_of(inbox->lock);
	unsigned long flags;

	if (unlikely(!RAW_LOCK_TRY(lock, flags)))
		return inbox->put_otherwise(entry);
	if (unlikely(inbox->mode | *state))
		return put_slowly(entry, inbox, state, flags);
	*state = BRIDGE_LISTED;
	bridge_inbox_append(inbox, entry);
	RAW_LOCK_RELEASE(lock, flags);
	return true;
}

static struct completion *completion_of(struct bridge_completion *completion)
{
	return (struct completion *)completion->storage;
}

void bridge_completion_init(struct bridge_completion *completion)
{
	init_completion(completion_of(completion));
}

void bridge_completion_wait(struct bridge_completion *completion)
{
	wait_for_completion(completion_of(completion));
}

void bridge_completion_complete(struct bridge_completion *completion)
{
	complete(completion_of(completion));
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
							    HRTIMER_MODE_ABS_HARD);
#else
	(on_stack ? hrtimer_init_on_stack : hrtimer_init)(hrtimer, CLOCK_MONOTONIC,
							  HRTIMER_MODE_ABS_HARD);
	hrtimer->function = timer_expired;
#endif
}

void bridge_timer_start(struct bridge_timer *timer, long long expires, unsigned long long slack)
{
	hrtimer_start_range_ns(hrtimer_of(timer), expires, slack, HRTIMER_MODE_ABS_HARD);
}

void bridge_timer_try_to_cancel(struct bridge_timer *timer)
{
	hrtimer_try_to_cancel(hrtimer_of(timer));
}

void bridge_timer_destroy(struct bridge_timer *timer)
{
	hrtimer_cancel(hrtimer_of(timer));
	destroy_hrtimer_on_stack(hrtimer_of(timer));
}
