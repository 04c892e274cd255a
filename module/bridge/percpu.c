// SPDX-License-Identifier: GPL-2.0
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/smpboot.h>

#include "bridge.h"

struct percpu_threads {
	struct smp_hotplug_thread hotplug;
	struct bridge_link link;
	bool stopped;
};

static struct percpu_threads *threads_of(struct smp_hotplug_thread *hotplug)
{
	return container_of(hotplug, struct percpu_threads, hotplug);
}

static void end(struct percpu_threads *threads)
{
	bridge_module_remove(&threads->link);
	if (!threads->stopped)
		smpboot_unregister_percpu_thread(&threads->hotplug);
	free_percpu(threads->hotplug.store);
	kfree(threads);
}

/* The kernel is about to free the memory of a module that forgot these threads. */
static void left_behind(struct bridge_link *link, enum bridge_end how)
{
	struct percpu_threads *threads = container_of(link, struct percpu_threads, link);

	if (how == BRIDGE_ASK)
		return;
	if (how == BRIDGE_FREE) {
		end(threads);
		return;
	}
	pr_err("kthread: %s are stopped, as their module goes without them\n",
	       threads->hotplug.thread_comm);
	smpboot_unregister_percpu_thread(&threads->hotplug);
	threads->stopped = true;
}

struct smp_hotplug_thread *bridge_percpu_start(const struct bridge_percpu_calls *calls)
{
	struct percpu_threads *threads = kzalloc(sizeof(*threads), GFP_KERNEL);
	struct smp_hotplug_thread *hotplug;
	int err = -ENOMEM;

	if (!threads)
		return ERR_PTR(err);
	hotplug = &threads->hotplug;
	hotplug->store = alloc_percpu(struct task_struct *);
	hotplug->thread_should_run = calls->should_run;
	hotplug->thread_fn = calls->run;
	hotplug->setup = calls->setup;
	hotplug->cleanup = calls->cleanup;
	hotplug->park = calls->park;
	hotplug->unpark = calls->unpark;
	hotplug->thread_comm = calls->name;
	if (hotplug->store)
		err = smpboot_register_percpu_thread(hotplug);
	if (err) {
		free_percpu(hotplug->store);
		kfree(threads);
		return ERR_PTR(err);
	}
	bridge_module_add(&threads->link, false, left_behind);
	return hotplug;
}

int bridge_percpu_stop(struct smp_hotplug_thread *threads)
{
	unsigned int cpu;

	/* One whose CPU is offline may end on another one. */
	for_each_possible_cpu(cpu)
		if (*per_cpu_ptr(threads->store, cpu) == current)
			return -EDEADLK;
	end(threads_of(threads));
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
