/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The only place where C and C++ meet. Read by both: bridge.c includes it after the kernel's
 * headers, so that a prototype here which is not the kernel's does not compile.
 *
 * What the kernel exports as a function is called directly. What it has only as a macro or an
 * inline function is given a name here, bridge_…, and a body in bridge.c.
 */
#ifndef KTHREADXX_BRIDGE_H
#define KTHREADXX_BRIDGE_H

#ifdef __cplusplus
#define __printf(fmt, first) __attribute__((format(printf, fmt, first)))

enum hrtimer_mode : unsigned int;

extern "C" {
#endif

struct task_struct;

/*
 * The kernel's own functions.
 */

/*
 * kthread_create_on_node - a thread that does not run yet; sleeps in state D until it is woken
 * @node: NUMA node of its stack, or BRIDGE_NO_NODE
 *
 * Sleeps. An ERR_PTR: -ENOMEM, or -EINTR if the caller is killed while it waits.
 */
struct task_struct *kthread_create_on_node(int (*threadfn)(void *data), void *data, int node,
					   const char namefmt[], ...) __printf(4, 5);

/*
 * kthread_stop - tell the thread to stop, wake it, wait until it is gone
 *
 * Sleeps. What the thread's function returned, or -EINTR if it was never called. Once per thread: a
 * second call may wait for ever.
 */
int kthread_stop(struct task_struct *task);

/* wake_up_process - 1 if it was asleep, 0 if it was running or has ended. From any context. */
int wake_up_process(struct task_struct *task);

/*
 * wake_up_var - wake those in bridge_wait_var() on this address
 *
 * From any context. A full barrier stands between the change that they wait for and this call.
 */
void wake_up_var(void *var);

/*
 * schedule_hrtimeout - sleep in the state that bridge_idle() has set
 * @expires: nanoseconds, by mode BRIDGE_TIMER_RELATIVE from now
 *
 * 0 when the time is over, -EINTR when woken before; the state is running again.
 */
int schedule_hrtimeout(long long *expires, const enum hrtimer_mode mode);

/* ktime_get - nanoseconds of the monotonic clock. From any context. */
long long ktime_get(void);

/* vsnprintf - as in C. From any context. */
int vsnprintf(char *buf, __SIZE_TYPE__ size, const char *fmt, __builtin_va_list args)
	__printf(3, 0);

/* _printk - what printk() calls; the format begins with a level, "\0016" for information. */
int _printk(const char *fmt, ...) __printf(1, 2);

/*
 * Names for the kernel's macros and inline functions.
 */

enum {
	BRIDGE_NO_NODE = -1,       /* NUMA_NO_NODE */
	BRIDGE_TIMER_RELATIVE = 1, /* HRTIMER_MODE_REL */
	BRIDGE_MAX_ERRNO = 4095,   /* MAX_ERRNO: the last so many addresses are ERR_PTRs */
	BRIDGE_ESRCH = 3,
	BRIDGE_EINTR = 4,
	BRIDGE_ENOMEM = 12,
	BRIDGE_EINVAL = 22,
	BRIDGE_EDEADLK = 35,
};

/* bridge_get_task, bridge_put_task - keep a task_struct beyond its thread's end. Any context. */
void bridge_get_task(struct task_struct *task);
void bridge_put_task(struct task_struct *task);

/* bridge_task_pid - as ps shows it in the initial namespace. Any context. */
int bridge_task_pid(const struct task_struct *task);

/* bridge_current - the calling thread. */
struct task_struct *bridge_current(void);

/*
 * bridge_idle - the caller is about to sleep in TASK_IDLE, which counts for no load average
 *
 * What may end the sleep is tested after this call: a wake-up in between is then not lost. A caller
 * that does not sleep after all calls bridge_awake(). Stands on set_current_state().
 */
void bridge_idle(void);
void bridge_awake(void);

/* bridge_cond_resched - let others run if it is their turn. May sleep. Stands on cond_resched(). */
void bridge_cond_resched(void);

/*
 * bridge_wait_var - sleep until the unsigned char at var is value
 *
 * Uninterruptible. The one who writes it calls wake_up_var(var) afterwards; what it wrote before
 * is then seen here. Stands on wait_var_event().
 */
void bridge_wait_var(const void *var, unsigned char value);

#ifdef __cplusplus
}
#endif

#endif
