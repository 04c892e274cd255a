// SPDX-License-Identifier: GPL-2.0
#include <linux/cpumask.h>
#include <linux/gfp.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/nodemask.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/isolation.h>
#include <linux/sched/signal.h>

#include "bridge.h"
#include "flags.h"

unsigned int bridge_online_cpus(void)
{
	return num_online_cpus();
}

__cold int bridge_bind_cpu(struct task_struct *task, unsigned int cpu)
{
	if (cpu >= nr_cpu_ids || !cpu_online(cpu))
		return -EINVAL;
	kthread_bind(task, cpu);
	return 0;
}

static __cold int set_list(struct task_struct *task, const char *cpus, bool first)
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
		if (first) {
			/* As a new thread has it. Newer kernels change it. */
			rcu_read_lock();
			cpumask_copy(mask, housekeeping_cpumask(HK_TYPE_KTHREAD));
			rcu_read_unlock();
			set_cpus_allowed_ptr(task, mask);
		}
	}
	free_cpumask_var(mask);
	return err;
}

__cold int bridge_bind_list(struct task_struct *task, const char *cpus)
{
	return set_list(task, cpus, !(task->flags & PF_NO_SETAFFINITY));
}

void bridge_bind_again(int cpu)
{
	if (cpu < 0 || (current->nr_cpus_allowed == 1 && task_cpu(current) == cpu))
		return;
	/* A CPU that goes is online for a while, and takes no threads any more. */
	if (cpu_active(cpu))
		set_cpus_allowed_ptr(current, cpumask_of(cpu));
}

__cold int bridge_set_affinity(struct task_struct *task, const char *cpus)
{
	return set_list(task, cpus, false);
}

unsigned int bridge_task_cpu(const struct task_struct *task)
{
	return task_cpu(task);
}

__cold char bridge_task_state(struct task_struct *task)
{
	return task_state_to_char(task);
}

struct task_struct *bridge_own_thread(void)
{
	return in_task() ? current : NULL;
}

bool bridge_irqs_disabled(void)
{
	return irqs_disabled();
}

unsigned int bridge_hardirq_cpu(void)
{
	return in_hardirq() ? smp_processor_id() + 1 : 0;
}

void bridge_sleep_until(long long time, unsigned long long slack)
{
	/* Zero is over at once. On UML 6.1 a negative time never was. */
	ktime_t expires = max(time, 0LL);

	do {
		set_current_state(TASK_IDLE);
	} while (schedule_hrtimeout_range(&expires, slack, HRTIMER_MODE_ABS));
}

/* The kernel takes 0 for one. */
__cold bool bridge_is_signal(int signal)
{
	return signal > 0 && valid_signal(signal);
}

__cold int bridge_send_signal(struct task_struct *task, int signal)
{
	return bridge_is_signal(signal) ? send_sig(signal, task, 1) : -EINVAL;
}
