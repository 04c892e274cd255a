// SPDX-License-Identifier: GPL-2.0
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/ctype.h>
#include <linux/debugfs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/nodemask.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <uapi/linux/sched/types.h>

#include "heartbeat.h"
#include "show.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

/*
 * main.c holds this around each call of heartbeat.cc and each change of a parameter. It takes the
 * lock of CPU hotplug first, where it needs both.
 */
static DEFINE_MUTEX(lock);

/*
 * The kernel sets parameters before there are threads, and lets them be read and written until it
 * has taken the module apart, after its exit.
 */
static enum { LOADING, LIVE, GONE } phase;

/* The errno of the first parameter that was not accepted, with which init then fails. */
static int refusal;

static void begin_change(void)
{
	cpus_read_lock();
	mutex_lock(&lock);
}

static void end_change(void)
{
	mutex_unlock(&lock);
	cpus_read_unlock();
}

/*
 * Logs a value that is not accepted. The kernel would log a line of its own if a parameter's
 * function failed during the load, so init returns the errno instead.
 */
static int refuse(const struct kernel_param *kp, const char *text, const char *accepted, int err)
{
	int length = strlen(text);

	if (length && text[length - 1] == '\n')
		length--;
	pr_err("%s=%*pE%s is not accepted: give %s\n", kp->name, min(length, 64), text,
	       length > 64 ? "..." : "", accepted);
	if (phase != LOADING)
		return err;
	if (!refusal)
		refusal = err;
	return 0;
}

/* A parameter that is a number. It can have names for its numbers; the first ones are shown. */
struct setting {
	s64 value, min, max;
	const char *const *names; /* up to a NULL; those after the maximum begin at 0 again */
	const char *accepted;
	bool (*exists)(s64 value);
	int (*change)(unsigned int value); /* once there are threads; tells of an error itself */
};

static int parse(const struct setting *setting, const char *text, s64 *value)
{
	int err;

	if (setting->names) {
		int match = __sysfs_match_string(setting->names, -1, text);

		*value = match % (setting->max + 1);
		return min(match, 0);
	}
	err = kstrtos64(text, 0, value);
	if (err)
		return err;
	if (*value > U32_MAX)
		return -ERANGE;
	if (*value < setting->min || *value > setting->max ||
	    (setting->exists && !setting->exists(*value)))
		return -EINVAL;
	return 0;
}

static int set_setting(const char *text, const struct kernel_param *kp)
{
	struct setting *setting = kp->arg;
	s64 value;
	int err = parse(setting, text, &value);

	begin_change();
	/* The module's files in sysfs are there before its init has run. */
	if (phase == GONE || (phase == LOADING && THIS_MODULE->mkobj.mp)) {
		err = -ENODEV;
	} else if (err) {
		err = refuse(kp, text, setting->accepted, err);
	} else {
		if (phase == LIVE)
			err = setting->change(value);
		if (!err)
			setting->value = value;
	}
	end_change();
	return err;
}

static int get_setting(char *buffer, const struct kernel_param *kp)
{
	const struct setting *setting = kp->arg;

	if (setting->names)
		return scnprintf(buffer, PAGE_SIZE, "%s\n", setting->names[setting->value]);
	return scnprintf(buffer, PAGE_SIZE, "%lld\n", setting->value);
}

static const struct kernel_param_ops setting_ops = {
	.set = set_setting,
	.get = get_setting,
};

#define SETTING(name, perm, what, accepts, ...)                                                    \
	static struct setting name##_setting = {.accepted = accepts, __VA_ARGS__};                 \
	module_param_cb(name, &setting_ops, &name##_setting, perm);                                \
	MODULE_PARM_DESC(name, what ": " accepts)

static int change_threads(unsigned int value);

static bool node_exists(s64 node)
{
	return node < 0 || node_online(node);
}

static const char *const policies[] = {
	[HEARTBEAT_NORMAL] = "normal",
	[HEARTBEAT_FIFO] = "fifo",
	[HEARTBEAT_FIFO_LOW] = "fifo_low",
	NULL,
};

static const char *const methods[] = {
	[HEARTBEAT_CREATE] = "create",
	[HEARTBEAT_RUN] = "run",
	[HEARTBEAT_TASK] = "task",
	NULL,
};

static const char *const switches[] = {"N", "Y", "0", "1", NULL};

SETTING(threads, 0644, "how many threads beat (default 1)", "1 to 4294967295", .min = 1,
	.max = U32_MAX, .change = change_threads);
SETTING(period_us, 0644, "microseconds between two beats (default 1000000)", "1 to 4294967295",
	.value = 1000000, .min = 1, .max = U32_MAX, .change = heartbeat_set_period);
SETTING(log, 0644, "a thread logs every Nth beat, 0 for none (default 60)", "0 to 4294967295",
	.value = 60, .max = U32_MAX, .change = heartbeat_set_log);
SETTING(breaktrace, 0644,
	"microseconds from which on a thread logs and traces a new maximum, 0 for none (default 0)",
	"0 to 4294967295", .max = U32_MAX, .change = heartbeat_set_breaktrace);
SETTING(reset, 0200, "forgets what was measured", "1", .min = 1, .max = 1,
	.change = heartbeat_reset);
SETTING(paused, 0644, "whether the threads are parked (default N)", "Y or N", .max = 1,
	.names = switches, .change = heartbeat_set_paused);
SETTING(per_cpu, 0444, "whether each CPU has a thread of its own (default N)", "Y or N", .max = 1,
	.names = switches);
SETTING(node, 0444, "NUMA node of the threads' memory, -1 for any (default -1)",
	"-1 or the number of an online node", .value = -1, .min = -1, .max = MAX_NUMNODES - 1,
	.exists = node_exists);
SETTING(policy, 0444, "how the threads are scheduled (default normal)", "normal, fifo or fifo_low",
	.max = HEARTBEAT_FIFO_LOW, .names = policies);
SETTING(nice, 0444, "nice value of the threads, with policy=normal (default 0)", "-20 to 19",
	.min = -20, .max = 19);
SETTING(priority, 0444,
	"priority of the threads, with policy=fifo, 0 for the kernel's own (default 0)", "0 to 99",
	.max = MAX_RT_PRIO - 1);
SETTING(phase_us, 0444,
	"thread i beats i times as long after a multiple of the period, -1 for any time (default -1)",
	"-1 to 4294967295", .value = -1, .min = -1, .max = U32_MAX);
SETTING(method, 0444, "how the threads are started (default create)", "create, run or task",
	.max = HEARTBEAT_TASK, .names = methods);

#define NAME_ACCEPTED "1 to 15 letters, digits and signs other than % and /"

static char name[TASK_COMM_LEN] = KBUILD_MODNAME;

static int set_name(const char *text, const struct kernel_param *kp)
{
	const char *c;

	for (c = text; *c && isascii(*c) && isgraph(*c) && *c != '%' && *c != '/';)
		c++;
	if (c == text || *c)
		return refuse(kp, text, NAME_ACCEPTED, -EINVAL);
	if (strscpy(name, text, sizeof(name)) < 0)
		return refuse(kp, text, NAME_ACCEPTED, -ENAMETOOLONG);
	return 0;
}

static int get_name(char *buffer, const struct kernel_param *kp)
{
	return scnprintf(buffer, PAGE_SIZE, "%s\n", name);
}

static const struct kernel_param_ops name_ops = {
	.set = set_name,
	.get = get_name,
};
module_param_cb(name, &name_ops, NULL, 0444);
MODULE_PARM_DESC(name, "name of the threads, without their number (default " KBUILD_MODNAME
		       "): " NAME_ACCEPTED);

#define CPUS_ACCEPTED "a list of CPUs that are online, such as 0-3,8"

/* The CPUs that the threads are bound to. */
static struct cpumask cpus;

static int set_cpus(const char *text, const struct kernel_param *kp)
{
	/* cpulist_parse() has other errnos in other kernels for an impossible CPU. */
	if (cpulist_parse(text, &cpus) || cpumask_empty(&cpus))
		return refuse(kp, text, CPUS_ACCEPTED, -EINVAL);
	return 0;
}

static int get_cpus(char *buffer, const struct kernel_param *kp)
{
	return scnprintf(buffer, PAGE_SIZE, "%*pbl\n", cpumask_pr_args(&cpus));
}

static const struct kernel_param_ops cpus_ops = {
	.set = set_cpus,
	.get = get_cpus,
};
module_param_cb(cpus, &cpus_ops, NULL, 0444);
MODULE_PARM_DESC(cpus, "CPUs that the threads are bound to (default any): " CPUS_ACCEPTED);

static int change_threads(unsigned int value)
{
	if (per_cpu_setting.value) {
		pr_err("threads=%u is not accepted: with per_cpu each CPU has one\n", value);
		return -EINVAL;
	}
	if (value > threads_setting.value && !cpumask_empty(&cpus) &&
	    !cpumask_intersects(&cpus, cpu_online_mask)) {
		pr_err("threads=%u is not accepted: no CPU of %*pbl is online\n", value,
		       cpumask_pr_args(&cpus));
		return -EINVAL;
	}
	return heartbeat_set_threads(value);
}

unsigned long long heartbeat_available_memory(void)
{
	return (unsigned long long)max(si_mem_available(), 0L) << PAGE_SHIFT;
}

int heartbeat_next_cpu(int cpu)
{
	unsigned int next = cpumask_next(cpu, &cpus);

	return next < nr_cpu_ids ? next : -1;
}

static int cpu_comes(unsigned int cpu)
{
	mutex_lock(&lock);
	if (phase == LIVE && cpumask_test_cpu(cpu, &cpus))
		heartbeat_cpu_online(cpu);
	mutex_unlock(&lock);
	return 0;
}

static int cpu_goes(unsigned int cpu)
{
	mutex_lock(&lock);
	if (phase == LIVE && cpumask_test_cpu(cpu, &cpus))
		heartbeat_cpu_offline(cpu);
	mutex_unlock(&lock);
	return 0;
}

/*
 * debugfs.
 */

/* Each file has one of the functions of show.h as its data. */
static int text_show(struct seq_file *file, void *unused)
{
	typeof(show_threads) *show = file->private;
	int err;

	if (mutex_lock_interruptible(&lock))
		return -ERESTARTSYS;
	err = show(file);
	mutex_unlock(&lock);
	return err;
}
DEFINE_SHOW_ATTRIBUTE(text);

void heartbeat_log_beat(const char *name, unsigned long long beat, unsigned long long latency_ns)
{
	pr_info_ratelimited("%s: beat %llu, latency %llu us\n", name, beat,
			    latency_ns / NSEC_PER_USEC);
}

void heartbeat_new_max(const char *name, unsigned long long beat, unsigned long long latency_ns,
		       unsigned long long missed)
{
	/* First, as a trigger may end the trace here. */
	trace_kthreadxx_max(beat, latency_ns, missed);
	pr_info_ratelimited("%s: new maximum: beat %llu, latency %llu us\n", name, beat,
			    latency_ns / NSEC_PER_USEC);
}

/* Not in cpu_comes(), which is not called if the CPU stays because another refused that it goes. */
void heartbeat_bind_again(int cpu)
{
	const struct cpumask *to = cpu < 0 ? &cpus : cpumask_of(cpu);

	/* A CPU that goes is online for a while, and takes no threads any more. */
	if (!cpumask_equal(current->cpus_ptr, to) && cpumask_intersects(to, cpu_active_mask))
		set_cpus_allowed_ptr(current, to);
}

void heartbeat_set_priority(int priority)
{
	const struct sched_attr attr = {
		.size = sizeof(attr),
		.sched_policy = SCHED_FIFO,
		.sched_priority = priority,
	};

	/* It fails only for a value that is not accepted. */
	WARN_ON_ONCE(sched_setattr_nocheck(current, &attr));
}

void heartbeat_trace_start(const char *name, int pid)
{
	trace_kthreadxx_start(name, pid);
}

void heartbeat_trace_beat(unsigned long long beat, unsigned long long latency_ns,
			  unsigned long long missed)
{
	trace_kthreadxx_beat(beat, latency_ns, missed);
}

void heartbeat_trace_park(const char *name, int pid, bool parked)
{
	if (parked)
		trace_kthreadxx_park(name, pid);
	else
		trace_kthreadxx_unpark(name, pid);
}

void heartbeat_trace_stop(unsigned long long beats, unsigned long long missed)
{
	trace_kthreadxx_stop(beats, missed);
}

static struct heartbeat_options options;
static struct dentry *dir;
static int hotplug_state;

/* Refuses parameters that exclude each other. */
static int check_parameters(void)
{
	if (refusal)
		return refusal;
	if (per_cpu_setting.value && threads_setting.value) {
		pr_err("threads=%lld is not accepted: with per_cpu each CPU has one\n",
		       threads_setting.value);
		return -EINVAL;
	}
	if (method_setting.value == HEARTBEAT_RUN &&
	    (per_cpu_setting.value || !cpumask_empty(&cpus))) {
		/* A thread that runs cannot be bound any more. */
		pr_err("method=run is not accepted: give create with cpus or per_cpu\n");
		return -EINVAL;
	}
	if (policy_setting.value != HEARTBEAT_FIFO && priority_setting.value) {
		pr_err("priority=%lld is not accepted: give it with policy=fifo\n",
		       priority_setting.value);
		return -EINVAL;
	}
	if (policy_setting.value != HEARTBEAT_NORMAL && nice_setting.value) {
		pr_err("nice=%lld is not accepted: give it with policy=normal\n",
		       nice_setting.value);
		return -EINVAL;
	}
	return 0;
}

static int start(void)
{
	char *list;
	int err;

	if (!cpumask_subset(&cpus, cpu_online_mask)) {
		pr_err("cpus=%*pbl is not accepted: give " CPUS_ACCEPTED "\n",
		       cpumask_pr_args(&cpus));
		return -EINVAL;
	}
	if (cpumask_empty(&cpus) &&
	    (per_cpu_setting.value || method_setting.value == HEARTBEAT_TASK))
		cpumask_copy(&cpus, cpu_online_mask);
	if (per_cpu_setting.value)
		threads_setting.value = cpumask_weight(&cpus);
	else if (!threads_setting.value)
		threads_setting.value = 1;
	list = kasprintf(GFP_KERNEL, "%*pbl", cpumask_pr_args(&cpus));
	if (!list)
		return -ENOMEM;
	options = (struct heartbeat_options){
		.name = name,
		.cpus = list,
		.per_cpu = per_cpu_setting.value,
		.node = node_setting.value,
		.policy = policy_setting.value,
		.nice = nice_setting.value,
		.priority = priority_setting.value,
		.phase_us = phase_us_setting.value,
		.method = method_setting.value,
	};
	err = heartbeat_start(&options, threads_setting.value, period_us_setting.value,
			      log_setting.value, breaktrace_setting.value, paused_setting.value);
	if (err)
		kfree(list);
	else
		phase = LIVE;
	return err;
}

static int __init kthreadxx_init(void)
{
	int err = check_parameters();

	if (err)
		return err;
	/* This takes the lock of CPU hotplug, so the other lock must not be held here. */
	hotplug_state = cpuhp_setup_state_nocalls(CPUHP_AP_ONLINE_DYN, KBUILD_MODNAME ":online",
						  cpu_comes, cpu_goes);
	if (hotplug_state < 0)
		return hotplug_state;
	kernel_param_lock(THIS_MODULE);
	begin_change();
	err = start();
	end_change();
	kernel_param_unlock(THIS_MODULE);
	if (err) {
		cpuhp_remove_state_nocalls(hotplug_state);
		return err;
	}
	dir = debugfs_create_dir(KBUILD_MODNAME, NULL);
	debugfs_create_file("threads", 0444, dir, show_threads, &text_fops);
	debugfs_create_file("histogram", 0444, dir, show_histogram, &text_fops);
	if (method_setting.value == HEARTBEAT_TASK)
		debugfs_create_file("tasks", 0444, dir, show_tasks, &text_fops);
	return 0;
}
module_init(kthreadxx_init);

static void __exit kthreadxx_exit(void)
{
	debugfs_remove(dir);
	cpuhp_remove_state_nocalls(hotplug_state);
	mutex_lock(&lock);
	phase = GONE;
	heartbeat_stop();
	mutex_unlock(&lock);
	kfree(options.cpus);
	pr_info("unloaded\n");
}
module_exit(kthreadxx_exit);

MODULE_AUTHOR("The kthreadxx developers");
MODULE_DESCRIPTION("Kernel threads in C++: they beat, and tell whether the kernel lets them");
MODULE_VERSION("0.1.0");
MODULE_LICENSE("GPL");
