// SPDX-License-Identifier: GPL-2.0
#include <linux/kthread.h>

#include "bench.h"

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
	struct task_struct *thread = kthread_run(body, NULL, "bench");

	if (IS_ERR(thread))
		return 0;
	bench_spin();
	while (n--) {
		kthread_park(thread);
		kthread_unpark(thread);
		bench_settle();
	}
	n = bench_taken();
	kthread_stop(thread);
	return n;
}
