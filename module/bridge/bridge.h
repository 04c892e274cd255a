/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The only place where C and C++ meet. Read by both: the C files here include it after the kernel's
 * headers, so that a prototype here which is not the kernel's does not compile.
 *
 * What the kernel exports as a function is called directly. What it has only as a macro or an
 * inline function is given a name here, bridge_…, and a body in one of them.
 */
#ifndef KTHREADXX_BRIDGE_H
#define KTHREADXX_BRIDGE_H

#include "bridge_sizes.h"

#ifdef __cplusplus
#define __printf(fmt, first) __attribute__((format(printf, fmt, first)))

enum hrtimer_mode : unsigned int;

extern "C" {
#endif

struct task_struct;
struct smp_hotplug_thread;

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

/* kthread_bind - run on this CPU only. Before the first wake-up. May sleep. */
void kthread_bind(struct task_struct *task, unsigned int cpu);

/*
 * kthread_park - tell the thread to park, wake it, wait until it does
 *
 * Sleeps. Neither for a thread that has ended nor for one that is parked already.
 */
int kthread_park(struct task_struct *task);
void kthread_unpark(struct task_struct *task);

/* kthread_should_park - whether the calling thread shall park. */
bool kthread_should_park(void);

/* Scheduling of any thread, from any context that may sleep. */
void set_user_nice(struct task_struct *task, long nice);
void sched_set_fifo(struct task_struct *task);
void sched_set_fifo_low(struct task_struct *task);
void sched_set_normal(struct task_struct *task, int nice);

/* schedule - sleep in the state that bridge_idle() has set, until woken */
void schedule(void);

/*
 * wake_up_var - wake those in bridge_wait_while() on this address
 *
 * From any context. A full barrier stands between the change that they wait for and this call.
 */
void wake_up_var(void *var);

/*
 * schedule_hrtimeout - sleep in the state that bridge_idle() has set
 * @expires: nanoseconds, by mode BRIDGE_TIMER_ABSOLUTE of ktime_get()
 *
 * 0 when the time is over, -EINTR when woken before; the state is running again.
 */
int schedule_hrtimeout(long long *expires, const enum hrtimer_mode mode);

/* usleep_range_state - sleep in this state for so many microseconds, from min to max. */
void usleep_range_state(unsigned long min, unsigned long max, unsigned int state);

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
	BRIDGE_NO_NODE = -1,        /* NUMA_NO_NODE */
	BRIDGE_TIMER_ABSOLUTE = 0,  /* HRTIMER_MODE_ABS */
	BRIDGE_UNINTERRUPTIBLE = 2, /* TASK_UNINTERRUPTIBLE */
	BRIDGE_MAX_ERRNO = 4095,    /* MAX_ERRNO: the last so many addresses are ERR_PTRs */
	BRIDGE_ESRCH = 3,
	BRIDGE_EINTR = 4,
	BRIDGE_EAGAIN = 11,
	BRIDGE_ENOMEM = 12,
	BRIDGE_EBUSY = 16,
	BRIDGE_EINVAL = 22,
	BRIDGE_EDEADLK = 35,
};

/*
 * BRIDGE_STORAGE - the bytes of a kernel's type, for a struct here
 * @type: its name in sizes.c, which says the size and the alignment in the kernel that is built for
 */
#define BRIDGE_STORAGE(type)                                                                       \
	unsigned char storage[BRIDGE_##type##_SIZE] __attribute__((aligned(BRIDGE_##type##_ALIGN)))

/* bridge_get_task, bridge_put_task - keep a task_struct beyond its thread's end. Any context. */
void bridge_get_task(struct task_struct *task);
void bridge_put_task(struct task_struct *task);

/* bridge_task_pid - as ps shows it in the initial namespace. Any context. */
int bridge_task_pid(const struct task_struct *task);

/*
 * bridge_task_cpu, bridge_task_state - where it ran last, and the letter that ps shows
 *
 * Any context.
 */
unsigned int bridge_task_cpu(const struct task_struct *task);
char bridge_task_state(struct task_struct *task);

/* bridge_current - the calling thread. */
struct task_struct *bridge_current(void);

/*
 * bridge_idle - the caller is about to sleep in TASK_IDLE, which counts for no load average
 *
 * What may end the sleep is tested after this call: a wake-up in between is then not lost. A caller
 * that does not sleep after all calls bridge_awake(). A freezable thread may be frozen in the
 * sleep. Stands on set_current_state().
 */
void bridge_idle(void);
void bridge_awake(void);

/*
 * bridge_wait_begin, _prepare, _end - sleep on an address until wake_up_var() on it
 *
 * Between _begin and _end, _prepare is bridge_idle() for such a sleep, whatever the caller has
 * locked. Stand on prepare_to_wait_event().
 */
struct bridge_waiter {
	BRIDGE_STORAGE(WAIT_BIT_ENTRY);
};

void bridge_wait_begin(struct bridge_waiter *waiter, void *var);
void bridge_wait_prepare(struct bridge_waiter *waiter, void *var);
void bridge_wait_end(struct bridge_waiter *waiter, void *var);

/*
 * bridge_wait_while - sleep while the unsigned char at var is value
 *
 * In TASK_IDLE, and no hindrance to suspend. What the one who changed it wrote before is seen
 * afterwards. Stands on wait_var_event().
 */
void bridge_wait_while(const void *var, unsigned char value);

/* bridge_set_freezable - let the freezer freeze the calling thread. Stands on set_freezable(). */
void bridge_set_freezable(void);

/* bridge_yield - let others run, freeze if asked to. Stands on cond_resched(), try_to_freeze(). */
void bridge_yield(void);

/*
 * bridge_should_yield - whether the calling thread shall let others run, or freeze
 *
 * From the thread. Stands on need_resched() and freezing().
 */
bool bridge_should_yield(void);

/*
 * bridge_parkme - park the calling thread until it is unparked, if it shall
 *
 * A freezable thread is not waited for by the freezer meanwhile. Stands on kthread_parkme().
 */
void bridge_parkme(void);

/* bridge_cpu_is_online - whether there is such a CPU, and online. Any context. */
bool bridge_cpu_is_online(unsigned int cpu);

/*
 * bridge_bind_list - run on the CPUs of a list such as "0-3,8" only
 *
 * Before the first wake-up, or parked. May sleep. 0, -EINVAL if it is no list or none of its CPUs
 * is online, -ENOMEM. Stands on set_cpus_allowed_ptr().
 */
int bridge_bind_list(struct task_struct *task, const char *cpus);

/*
 * bridge_percpu_start - a thread on each online CPU, and on each that comes online
 * @calls: what they call, copied; all but the first two may be NULL
 * @name: a format for the CPU's number, that lives as long as they do
 *
 * Sleeps. An ERR_PTR: -ENOMEM, or -EINTR if the caller is killed while it waits; then no thread is
 * left. Stands on smpboot_register_percpu_thread().
 */
struct bridge_percpu_calls {
	int (*should_run)(unsigned int cpu);
	void (*run)(unsigned int cpu);
	void (*setup)(unsigned int cpu);
	void (*cleanup)(unsigned int cpu, bool online);
	void (*park)(unsigned int cpu);
	void (*unpark)(unsigned int cpu);
};

struct smp_hotplug_thread *bridge_percpu_start(const struct bridge_percpu_calls *calls,
					       const char *name);

/*
 * bridge_percpu_stop - end them and wait for it
 *
 * Sleeps. 0, or -EDEADLK from one of them, and nothing was done. Stands on
 * smpboot_unregister_percpu_thread().
 */
int bridge_percpu_stop(struct smp_hotplug_thread *threads);

/* bridge_percpu_wake - wake_up_process() for this CPU's, 0 if there is none. Any context. */
int bridge_percpu_wake(struct smp_hotplug_thread *threads, unsigned int cpu);

/*
 * bridge_timer_init - a timer that calls expired(), in interrupt context, when it has been started
 * and its time comes. Any context. Stands on hrtimer_init() or hrtimer_setup().
 */
struct bridge_timer {
	BRIDGE_STORAGE(HRTIMER);
	void (*expired)(struct bridge_timer *timer);
};

void bridge_timer_init(struct bridge_timer *timer, void (*expired)(struct bridge_timer *timer));

/*
 * bridge_timer_start - at that time of ktime_get()
 *
 * From any context. The timer may have come and gone when it returns. Stands on hrtimer_start().
 */
void bridge_timer_start(struct bridge_timer *timer, long long expires);

/*
 * bridge_timer_cancel - true if it was started and now does not come
 *
 * Waits for expired() to return where it runs; not from there. Stands on hrtimer_cancel().
 */
bool bridge_timer_cancel(struct bridge_timer *timer);

/* bridge_timer_destroy - the same, before its memory goes. */
void bridge_timer_destroy(struct bridge_timer *timer);

#ifdef __cplusplus
}
#endif

#endif
