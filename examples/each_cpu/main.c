// SPDX-License-Identifier: GPL-2.0
#include <linux/atomic.h>
#include <linux/cpu.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/percpu.h>
#include <linux/smp.h>

#include "body.h"

static DEFINE_PER_CPU(atomic_t, wanted);
static DEFINE_PER_CPU(unsigned int, done);
/* Whether there are threads. The kernel's lock of the parameters guards it. */
static bool running;

bool each_cpu_has_work(unsigned int cpu)
{
	return atomic_read(per_cpu_ptr(&wanted, cpu));
}

void each_cpu_work(unsigned int cpu)
{
	/* The thread is bound, so that nobody else writes this CPU's number. */
	WARN_ON_ONCE(raw_smp_processor_id() != cpu);
	atomic_dec(per_cpu_ptr(&wanted, cpu));
	++*per_cpu_ptr(&done, cpu);
}

static int work(const char *text, const struct kernel_param *kp)
{
	unsigned int cpu;

	if (!running)
		return -ENODEV;
	cpus_read_lock();
	for_each_online_cpu(cpu) {
		atomic_inc(per_cpu_ptr(&wanted, cpu));
		each_cpu_wake(cpu);
	}
	cpus_read_unlock();
	return 0;
}

static const struct kernel_param_ops work_ops = {
	.set = work,
};
module_param_cb(work, &work_ops, NULL, 0200);
MODULE_PARM_DESC(work, "each write gives each CPU a piece of work");

static int __init each_cpu_init(void)
{
	int err = each_cpu_start();

	kernel_param_lock(THIS_MODULE);
	running = !err;
	kernel_param_unlock(THIS_MODULE);
	return err;
}
module_init(each_cpu_init);

static void __exit each_cpu_exit(void)
{
	unsigned int cpu;

	kernel_param_lock(THIS_MODULE);
	running = false;
	kernel_param_unlock(THIS_MODULE);
	each_cpu_stop();
	for_each_online_cpu(cpu)
		pr_info("each_cpu: cpu %u: %u done\n", cpu, *per_cpu_ptr(&done, cpu));
}
module_exit(each_cpu_exit);

MODULE_DESCRIPTION("A thread for each CPU");
MODULE_LICENSE("GPL");
