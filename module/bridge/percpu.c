// SPDX-License-Identifier: GPL-2.0
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/smpboot.h>

#include "bridge.h"

struct smp_hotplug_thread *bridge_percpu_start(const struct bridge_percpu_calls *calls,
					       const char *name)
{
	struct smp_hotplug_thread *threads = kzalloc(sizeof(*threads), GFP_KERNEL);
	int err = -ENOMEM;

	if (!threads)
		return ERR_PTR(err);
	threads->store = alloc_percpu(struct task_struct *);
	threads->thread_should_run = calls->should_run;
	threads->thread_fn = calls->run;
	threads->setup = calls->setup;
	threads->cleanup = calls->cleanup;
	threads->park = calls->park;
	threads->unpark = calls->unpark;
	threads->thread_comm = name;
	if (threads->store)
		err = smpboot_register_percpu_thread(threads);
	if (err) {
		free_percpu(threads->store);
		kfree(threads);
		return ERR_PTR(err);
	}
	return threads;
}

int bridge_percpu_stop(struct smp_hotplug_thread *threads)
{
	/* Any other caller may change CPUs here, and is none of them on either. */
	if (raw_cpu_read(*threads->store) == current)
		return -EDEADLK;
	smpboot_unregister_percpu_thread(threads);
	free_percpu(threads->store);
	kfree(threads);
	return 0;
}

int bridge_percpu_wake(struct smp_hotplug_thread *threads, unsigned int cpu)
{
	struct task_struct *task;

	if (cpu >= nr_cpu_ids || !cpu_possible(cpu))
		return 0;
	/* Written when the CPU comes online for the first time. */
	task = READ_ONCE(*per_cpu_ptr(threads->store, cpu));
	return task && wake_up_process(task);
}
