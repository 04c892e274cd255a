// SPDX-License-Identifier: GPL-2.0
#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/hrtimer.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <linux/version.h>

#include "interrupts.h"

/* How modules send an NMI there. */
#if defined(CONFIG_X86) && KERNEL_VERSION(6, 5, 0) > LINUX_VERSION_CODE
#define HAS_NMI 1
#include <asm/apic.h>
#include <asm/nmi.h>
#else
#define HAS_NMI 0
#endif

static unsigned int interrupt_us = 200;
module_param(interrupt_us, uint, 0444);
MODULE_PARM_DESC(interrupt_us, "time between two interrupts of a CPU (default 200)");

static atomic64_t counters[INTERRUPT_COUNTER_COUNT];
static atomic64_t interrupts, nmis;

#define INTERRUPT_NAME(name, what) what,
static const char *const counter_names[] = {INTERRUPT_COUNTERS(INTERRUPT_NAME)};

void interrupts_count(enum interrupt_counter counter)
{
	atomic64_inc(&counters[counter]);
}

static int get_counts(char *buffer, const struct kernel_param *kp)
{
	int length =
		scnprintf(buffer, PAGE_SIZE, "%lld interrupts\n", (s64)atomic64_read(&interrupts));
	int i;

	if (HAS_NMI)
		length += scnprintf(buffer + length, PAGE_SIZE - length, "%lld nmis\n",
				    (s64)atomic64_read(&nmis));
	for (i = 0; i < INTERRUPT_COUNTER_COUNT; i++)
		length += scnprintf(buffer + length, PAGE_SIZE - length, "%lld %s\n",
				    (s64)atomic64_read(&counters[i]), counter_names[i]);
	return length;
}

static const struct kernel_param_ops counts_ops = {
	.get = get_counts,
};
module_param_cb(counts, &counts_ops, NULL, 0444);

#if HAS_NMI
static DEFINE_PER_CPU(bool, nmi_sent);

static int nmi(unsigned int type, struct pt_regs *regs)
{
	if (!this_cpu_xchg(nmi_sent, false))
		return NMI_DONE;
	interrupts_look();
	atomic64_inc(&nmis);
	return NMI_HANDLED;
}

static void send_nmi(void)
{
	this_cpu_write(nmi_sent, true);
	apic->send_IPI_mask(cpumask_of(smp_processor_id()), NMI_VECTOR);
}

static int begin_nmis(void)
{
	return register_nmi_handler(NMI_LOCAL, nmi, 0, KBUILD_MODNAME);
}

static void end_nmis(void)
{
	unregister_nmi_handler(NMI_LOCAL, KBUILD_MODNAME);
}
#else
static void send_nmi(void) {}

static int begin_nmis(void)
{
	return 0;
}

static void end_nmis(void) {}
#endif

static DEFINE_PER_CPU(struct hrtimer, timers);

static ktime_t period(void)
{
	return ns_to_ktime((u64)interrupt_us * NSEC_PER_USEC);
}

static enum hrtimer_restart interrupt(struct hrtimer *timer)
{
	u64 n = atomic64_inc_return(&interrupts);

	interrupts_come(n);
	interrupts_look();
	if (n % 16 == 0)
		send_nmi();
	hrtimer_forward_now(timer, period());
	return HRTIMER_RESTART;
}

static void start_timer(void *unused)
{
	struct hrtimer *timer = this_cpu_ptr(&timers);

#if KERNEL_VERSION(6, 13, 0) <= LINUX_VERSION_CODE
	hrtimer_setup(timer, interrupt, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
#else
	hrtimer_init(timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
	timer->function = interrupt;
#endif
	hrtimer_start(timer, period(), HRTIMER_MODE_REL_PINNED_HARD);
}

static int __init interrupts_init(void)
{
	int err;

	if (!interrupt_us)
		return -EINVAL;
	err = begin_nmis();
	if (err)
		return err;
	err = interrupts_begin();
	if (err)
		end_nmis();
	else
		on_each_cpu(start_timer, NULL, true);
	return err;
}
module_init(interrupts_init);

static void __exit interrupts_exit(void)
{
	int cpu;

	interrupts_let_go();
	for_each_online_cpu(cpu)
		hrtimer_cancel(per_cpu_ptr(&timers, cpu));
	end_nmis();
	interrupts_end();
}
module_exit(interrupts_exit);

MODULE_DESCRIPTION("Hard interrupts that call all that kthreadxx allows them");
MODULE_LICENSE("GPL");
