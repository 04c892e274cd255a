// SPDX-License-Identifier: GPL-2.0
#include <linux/cpumask.h>
#include <linux/gfp.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/nodemask.h>
#include <linux/sched.h>

#include "bridge.h"
#include "flags.h"

bool bridge_node_is_valid(int node)
{
	return node == NUMA_NO_NODE || (node >= 0 && node < MAX_NUMNODES && node_online(node));
}

unsigned int bridge_online_cpus(void)
{
	return num_online_cpus();
}

int bridge_bind_cpu(struct task_struct *task, unsigned int cpu)
{
	if (cpu >= nr_cpu_ids || !cpu_online(cpu))
		return -EINVAL;
	kthread_bind(task, cpu);
	return 0;
}

static int set_list(struct task_struct *task, const char *cpus, bool first)
{
	cpumask_var_t mask;
	unsigned int any;
	int err;

	if (!cpus)
		return -EINVAL;
	if (!alloc_cpumask_var(&mask, GFP_KERNEL))
		return -ENOMEM;
	/* cpulist_parse() has other numbers for a CPU that no kernel has. */
	err = cpulist_parse(cpus, mask) ? -EINVAL : 0;
	any = err ? nr_cpu_ids : cpumask_any_and(mask, cpu_online_mask);
	if (any >= nr_cpu_ids)
		err = -EINVAL;
	/* The kernel then leaves the thread where it is put, also when CPUs come and go. */
	if (!err && first)
		kthread_bind(task, any);
	if (!err && set_cpus_allowed_ptr(task, mask)) {
		err = -EINVAL;
		if (first)
			set_cpus_allowed_ptr(task, cpu_possible_mask);
	}
	free_cpumask_var(mask);
	return err;
}

int bridge_bind_list(struct task_struct *task, const char *cpus)
{
	return set_list(task, cpus, true);
}

int bridge_rebind_list(struct task_struct *task, const char *cpus)
{
	return set_list(task, cpus, false);
}

void bridge_unbind(void)
{
	change_flags(PF_NO_SETAFFINITY, 0);
}

int bridge_set_affinity(struct task_struct *task, const char *cpus)
{
	return set_list(task, cpus, false);
}
