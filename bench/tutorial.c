// SPDX-License-Identifier: GPL-2.0
/* The loop of the tutorials. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/slab.h>

#include "bench.h"

static struct task_struct **threads;
static unsigned int size;

static int body(void *unused)
{
	bench_reach();
	while (!kthread_should_stop())
		ssleep(2);
	return 0;
}

int tutorial_group_start(unsigned int n)
{
	threads = kmalloc_array(n, sizeof(*threads), GFP_KERNEL);
	if (!threads)
		return -ENOMEM;
	for (size = 0; size < n; ++size) {
		threads[size] = kthread_run(body, NULL, "bench/%u", size);
		if (IS_ERR(threads[size]))
			return PTR_ERR(threads[size]);
	}
	return 0;
}

void tutorial_group_stop(void)
{
	while (size)
		kthread_stop(threads[--size]);
	kfree(threads);
}

struct beat {
	unsigned int period;
	unsigned long long beats;
};

static int beat(void *data)
{
	struct beat *beat = data;

	while (!kthread_should_stop()) {
		msleep(beat->period);
		++beat->beats;
	}
	return 0;
}

unsigned long long tutorial_beats(unsigned int n, unsigned int period)
{
	struct beat to = {.period = period / 1000};
	struct task_struct *thread = kthread_run(beat, &to, "bench");

	if (IS_ERR(thread))
		return 0;
	bench_sleep(n * period + period / 2);
	kthread_stop(thread);
	return to.beats;
}
