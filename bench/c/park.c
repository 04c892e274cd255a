// SPDX-License-Identifier: GPL-2.0
#include <linux/kthread.h>
#include <linux/mutex.h>

#include "bench.h"

/* Several contexts may park, unpark and stop the thread at once. */
static DEFINE_MUTEX(lock);
static bool is_parked, is_stopped;

static int park(struct task_struct *thread)
{
	int err = -ESRCH;

	mutex_lock(&lock);
	if (!is_stopped) {
		err = is_parked ? 0 : kthread_park(thread);
		is_parked = !err;
	}
	mutex_unlock(&lock);
	return err;
}

static int unpark(struct task_struct *thread)
{
	int err = -EINVAL;

	mutex_lock(&lock);
	if (is_parked) {
		is_parked = false;
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
	return 0;
}

unsigned long long c_park(unsigned int n)
{
	struct task_struct *thread;

	is_stopped = false;
	thread = kthread_run(body, NULL, "bench");

	if (IS_ERR(thread))
		return 0;
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
