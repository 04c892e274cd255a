// SPDX-License-Identifier: GPL-2.0
#include <linux/delay.h>
#include <linux/irq_work.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "faults.h"

static char *fault = "";
module_param(fault, charp, 0444);

static void fault_warning(void)
{
	WARN_ON(1);
}

static void fault_sleep_in_atomic(void)
{
	static DEFINE_SPINLOCK(lock);

	spin_lock(&lock);
	kfree(kmalloc(1, GFP_KERNEL));
	spin_unlock(&lock);
}

static void fault_lock_inversion(void)
{
	static DEFINE_MUTEX(one);
	static DEFINE_MUTEX(other);

	mutex_lock(&one);
	mutex_lock(&other);
	mutex_unlock(&other);
	mutex_unlock(&one);

	mutex_lock(&other);
	mutex_lock(&one);
	mutex_unlock(&one);
	mutex_unlock(&other);
}

static int test_before_the_state(void *unused)
{
	if (!kthread_should_stop()) {
		msleep(500);
		/* Long enough to be reported, not for ever: the guest has to go on. */
		schedule_timeout_uninterruptible(12 * HZ);
	}
	return 0;
}

static void fault_lost_wake_up(void)
{
	struct task_struct *thread = kthread_run(test_before_the_state, NULL, "sleeper");

	if (IS_ERR(thread))
		return;
	msleep(100);
	kthread_stop(thread);
}

static DEFINE_MUTEX(planted_mutex);
static DEFINE_SPINLOCK(planted_spinlock);

void planted_lock(void)
{
	mutex_lock(&planted_mutex);
}

void planted_unlock(void)
{
	mutex_unlock(&planted_mutex);
}

void planted_spin_lock(void)
{
	spin_lock(&planted_spinlock);
}

void planted_spin_unlock(void)
{
	spin_unlock(&planted_spinlock);
}

void planted_say(const char *text)
{
	pr_err("planted: %s\n", text);
}

/* By the clock of the kernel, which reports one in a second. */
void planted_doze(void)
{
	msleep(1100);
}

static void (*in_interrupt_call)(void);

static void interrupt(struct irq_work *work)
{
	in_interrupt_call();
}

void planted_interrupt(void (*f)(void))
{
	static struct irq_work work = IRQ_WORK_INIT_HARD(interrupt);

	in_interrupt_call = f;
	irq_work_queue(&work);
	irq_work_sync(&work);
}

static const struct {
	const char *name;
	void (*commit)(void);
} faults[] = {
	{"null", fault_null},
	{"warning", fault_warning},
	{"use_after_free", fault_use_after_free},
	{"leak", fault_leak},
	{"race", fault_race},
	{"shift", fault_shift},
	{"free_of_a_timer", fault_free_of_a_timer},
	{"call_by_another_type", fault_call_by_another_type},
	{"body_of_another_type", fault_body_of_another_type},
	{"precondition", fault_precondition},
	{"pure_virtual", fault_pure_virtual},
	{"sleep_in_atomic", fault_sleep_in_atomic},
	{"lock_inversion", fault_lock_inversion},
	{"lost_wake_up", fault_lost_wake_up},
	{"stop_with_its_mutex", fault_stop_with_its_mutex},
	{"join_with_its_mutex", fault_join_with_its_mutex},
	{"park_with_its_mutex", fault_park_with_its_mutex},
	{"flush_with_its_mutex", fault_flush_with_its_mutex},
	{"cancel_with_its_mutex", fault_cancel_with_its_mutex},
	{"flush_the_worker_with_its_mutex", fault_flush_the_worker_with_its_mutex},
	{"may_sleep_in_atomic", fault_may_sleep_in_atomic},
	{"hung", fault_hung},
	{"inversion_of_members", fault_inversion_of_members},
	{"double_lock", fault_double_lock},
	{"mutex_under_a_spinlock", fault_mutex_under_a_spinlock},
	{"wait_under_a_spinlock", fault_wait_under_a_spinlock},
	{"spinlock_of_threads_in_an_interrupt", fault_spinlock_of_threads_in_an_interrupt},
	{"linked_element_destroyed", fault_linked_element_destroyed},
	{"none", fault_none},
};

static int __init planted_init(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		if (!strcmp(fault, faults[i].name)) {
			faults[i].commit();
			return 0;
		}
	}
	return -EINVAL;
}
module_init(planted_init);

static void __exit planted_exit(void) {}
module_exit(planted_exit);

MODULE_DESCRIPTION("Faults that the tests of kthreadxx have to see");
MODULE_LICENSE("GPL");
