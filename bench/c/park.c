// SPDX-License-Identifier: GPL-2.0
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/sched/task.h>

#include "bench.h"

/* Several contexts may park, unpark and stop the thread at once, which may end by itself. */
static DEFINE_MUTEX(lock);
static bool is_parked, is_stopped;
static bool shall_park, is_over;

static int park(struct task_struct *thread)
{
	int err = -ESRCH;

	if (thread == current)
		return -EDEADLK;
	mutex_lock(&lock);
	if (is_parked) {
		err = -EBUSY;
	} else if (!is_stopped) {
		/* Pairs with end(): one of both sees the other. */
		smp_store_mb(shall_park, true);
		if (READ_ONCE(is_over)) {
			WRITE_ONCE(shall_park, false);
			wake_up_process(thread);
		} else {
			err = kthread_park(thread);
			is_parked = !err;
		}
	}
	mutex_unlock(&lock);
	return err;
}

static int unpark(struct task_struct *thread)
{
	int err = -EINVAL;

	if (thread == current)
		return -EINVAL;
	mutex_lock(&lock);
	if (is_parked) {
		is_parked = false;
		WRITE_ONCE(shall_park, false);
		kthread_unpark(thread);
		err = 0;
	}
	mutex_unlock(&lock);
	return err;
}

static void stop(struct task_struct *thread)
{
	mutex_lock(&lock);
	is_stopped = true;
	kthread_stop(thread);
	mutex_unlock(&lock);
	put_task_struct(thread);
}

/* Nobody then waits for a thread that is gone. */
static void end(void)
{
	/* Pairs with park(). */
	smp_store_mb(is_over, true);
	while (READ_ONCE(shall_park)) {
		kthread_parkme();
		set_current_state(TASK_IDLE);
		if (READ_ONCE(shall_park) && !kthread_should_park())
			schedule();
		__set_current_state(TASK_RUNNING);
	}
}

static int body(void *unused)
{
	while (!kthread_should_stop()) {
		set_current_state(TASK_IDLE | TASK_FREEZABLE);
		if (!kthread_should_stop() && !kthread_should_park())
			schedule();
		__set_current_state(TASK_RUNNING);
		if (kthread_should_park())
			kthread_parkme();
	}
	end();
	return 0;
}

unsigned long long c_park(unsigned int n)
{
	struct task_struct *thread;

	is_stopped = false;
	is_over = false;
	thread = kthread_run(body, NULL, "bench");

	if (IS_ERR(thread))
		return 0;
	get_task_struct(thread);
	bench_spin();
	while (n--) {
		park(thread);
		unpark(thread);
		bench_settle();
	}
	n = bench_taken();
	stop(thread);
	return n;
}
