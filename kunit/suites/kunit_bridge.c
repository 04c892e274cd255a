// SPDX-License-Identifier: GPL-2.0
#include <linux/cpumask.h>
#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/nodemask.h>
#include <linux/pid.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/string.h>
#include <linux/wait.h>
#include <trace/events/kmem.h>

#include "kunit_bridge.h"

/* In a slow guest under all checkers, what is created and destroyed takes a tenth of a second. */
static unsigned int rounds = 1;
module_param(rounds, uint, 0);
MODULE_PARM_DESC(rounds, "how many times as often tests repeat what has to meet (default 1)");

unsigned int kunit_bridge_rounds(void)
{
	return rounds;
}

void kunit_bridge_sleep_ms(unsigned int ms)
{
	msleep(ms);
}

long long kunit_bridge_tick_ns(void)
{
	return jiffies64_to_nsecs(get_jiffies_64());
}

void kunit_bridge_kill_current(void)
{
	allow_kernel_signal(SIGKILL);
	send_sig(SIGKILL, current, 1);
}

void kunit_bridge_revive_current(void)
{
	flush_signals(current);
	disallow_signal(SIGKILL);
}

int kunit_bridge_sleep_interruptible(void)
{
	DECLARE_WAIT_QUEUE_HEAD_ONSTACK(never);

	return wait_event_interruptible(never, false);
}

bool kunit_bridge_signal_pending(void)
{
	return signal_pending(current);
}

unsigned int kunit_bridge_last_cpu(void)
{
	return cpumask_last(cpu_online_mask);
}

static struct task_struct *get_task_of(int nr)
{
	struct pid *pid = find_get_pid(nr);
	struct task_struct *task = get_pid_task(pid, PIDTYPE_PID);

	put_pid(pid);
	return task;
}

bool kunit_bridge_can_fail_memory(void)
{
	return IS_ENABLED(CONFIG_FAILSLAB);
}

unsigned int kunit_bridge_fail_nth(bool kthreadd, unsigned int n)
{
#ifdef CONFIG_FAULT_INJECTION
	struct task_struct *task = get_task_of(kthreadd ? 2 : current->pid);
	unsigned int left = READ_ONCE(task->fail_nth);

	WRITE_ONCE(task->fail_nth, n);
	put_task_struct(task);
	return left;
#else
	return 0;
#endif
}

static const struct task_struct *watched;
static unsigned int kmallocs;
static unsigned long long kmallocs_failed;

static void count_kmalloc(void *data, unsigned long call_site, const void *ptr, size_t bytes_req,
			  size_t bytes_alloc, gfp_t gfp_flags, int node)
{
	if (!in_task() || current != watched)
		return;
	if (!ptr && kmallocs < 64)
		kmallocs_failed |= 1ull << kmallocs;
	++kmallocs;
}

int kunit_bridge_watch_kmalloc(void)
{
	watched = current;
	return register_trace_kmalloc(count_kmalloc, NULL);
}

unsigned int kunit_bridge_count_kmalloc(unsigned long long *failed)
{
	const unsigned int count = kmallocs;

	*failed = kmallocs_failed;
	kmallocs = 0;
	kmallocs_failed = 0;
	return count;
}

void kunit_bridge_unwatch_kmalloc(void)
{
	unregister_trace_kmalloc(count_kmalloc, NULL);
	tracepoint_synchronize_unregister();
}

unsigned int kunit_bridge_count(const char *name)
{
	const struct task_struct *task;
	unsigned int count = 0;

	rcu_read_lock();
	for_each_process(task) count += strstarts(task->comm, name);
	rcu_read_unlock();
	return count;
}

char kunit_bridge_state(int pid)
{
	struct task_struct *task = get_task_of(pid);
	char state;

	if (!task)
		return 0;
	state = task_state_to_char(task);
	put_task_struct(task);
	return state;
}

int kunit_bridge_priority(int pid)
{
	struct task_struct *task = get_task_of(pid);
	int priority;

	if (!task)
		return -1;
	priority = task->prio;
	put_task_struct(task);
	return priority;
}

bool kunit_bridge_has_comm(int pid, const char *comm)
{
	struct task_struct *task = get_task_of(pid);
	char buffer[TASK_COMM_LEN];
	bool same;

	if (!task)
		return false;
	same = !strcmp(get_task_comm(buffer, task), comm);
	put_task_struct(task);
	return same;
}

bool kunit_bridge_has_mm(int pid)
{
	struct task_struct *task = get_task_of(pid);
	bool has_mm = task && task->mm;

	if (task)
		put_task_struct(task);
	return has_mm;
}

bool kunit_bridge_is_kthread(int pid)
{
	struct task_struct *task = get_task_of(pid);
	bool is_kthread = task && (task->flags & PF_KTHREAD);

	if (task)
		put_task_struct(task);
	return is_kthread;
}

bool kunit_bridge_is_freezable(int pid)
{
	struct task_struct *task = get_task_of(pid);
	bool is_freezable = task && !(task->flags & PF_NOFREEZE);

	if (task)
		put_task_struct(task);
	return is_freezable;
}

bool kunit_bridge_has_freezer(void)
{
	return IS_ENABLED(CONFIG_FREEZER);
}

int kunit_bridge_task_cpu(int pid)
{
	struct task_struct *task = get_task_of(pid);
	int cpu = -1;

	if (task) {
		cpu = task_cpu(task);
		put_task_struct(task);
	}
	return cpu;
}

bool kunit_bridge_cpu_is_online(unsigned int cpu)
{
	return cpu < nr_cpu_ids && cpu_online(cpu);
}

bool kunit_bridge_node_is_online(int node)
{
	return node_online(node);
}

unsigned int kunit_bridge_cpu(void)
{
	return raw_smp_processor_id();
}

unsigned int kunit_bridge_cpus_allowed(void)
{
	return current->nr_cpus_allowed;
}

int kunit_bridge_remove_cpu(unsigned int cpu)
{
	return remove_cpu(cpu);
}

int kunit_bridge_add_cpu(unsigned int cpu)
{
	return add_cpu(cpu);
}
