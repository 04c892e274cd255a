/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The interface between C and C++. Both read it. The C files here include it after the kernel's
 * headers, so a prototype that differs from the kernel's does not compile.
 *
 * C++ calls the functions directly that the kernel exports. A macro or an inline function of the
 * kernel has a function here whose name begins with bridge_, and one of the C files defines it.
 */
#ifndef KTHREADXX_BRIDGE_H
#define KTHREADXX_BRIDGE_H

#include "bridge_sizes.h"

#ifdef __cplusplus
#define __printf(fmt, first) __attribute__((format(printf, fmt, first)))

enum hrtimer_mode : unsigned int;

extern "C" {
#else
#include <linux/hrtimer.h>
#endif

struct kmem_cache;
struct module;
struct task_struct;
struct smp_hotplug_thread;

/*
 * The kernel's own functions.
 */

/*
 * kthread_create_on_node - create a thread, which sleeps in state D until it is woken
 * @node: NUMA node of its stack, or BRIDGE_NO_NODE
 *
 * May sleep. Returns an ERR_PTR if it fails: -ENOMEM, -EAGAIN at the system's limit of threads, or
 * -EINTR if the caller is killed while it waits.
 */
struct task_struct *kthread_create_on_node(int (*threadfn)(void *data), void *data, int node,
					   const char namefmt[], ...) __printf(4, 5);

/*
 * kthread_stop - tell the thread to stop, wake it, wait until it is gone
 *
 * May sleep. Returns what the thread's function returned, or -EINTR if it was never called. It may
 * be called once for a thread: a second call may wait for ever.
 */
int kthread_stop(struct task_struct *task);

/* wake_up_process - wake a thread. Returns 1 if it slept, 0 otherwise. Context: hard interrupt. */
int wake_up_process(struct task_struct *task);

/*
 * kthread_park - tell the thread to park, wake it, wait until it does
 *
 * May sleep. It must not be called for a thread that has ended or is parked already.
 */
int kthread_park(struct task_struct *task);
void kthread_unpark(struct task_struct *task);

/* kthread_should_park, kthread_should_stop - whether the calling thread shall park, or stop. */
bool kthread_should_park(void);
bool kthread_should_stop(void);

/* Scheduling of any thread, from any context that may sleep. */
void set_user_nice(struct task_struct *task, long nice);
void sched_set_fifo(struct task_struct *task);
void sched_set_fifo_low(struct task_struct *task);
void sched_set_normal(struct task_struct *task, int nice);

/* schedule - sleep in the state that bridge_idle() has set, until woken */
void schedule(void);

/*
 * schedule_hrtimeout - sleep in the state that bridge_idle() has set
 * @expires: nanoseconds, by mode BRIDGE_TIMER_ABSOLUTE of ktime_get()
 *
 * Returns 0 when the time is over, -EINTR if the caller was woken before. The caller's state is
 * running again then.
 */
int schedule_hrtimeout(long long *expires, const enum hrtimer_mode mode);

/* schedule_hrtimeout_range - the same, up to @delta ns later if that saves an interrupt */
int schedule_hrtimeout_range(long long *expires, unsigned long long delta,
			     const enum hrtimer_mode mode);

/* ktime_get - nanoseconds of the monotonic clock. Context: hard interrupt. */
long long ktime_get(void);

/*
 * kmem_cache_free_bulk - kfree() for so many, one or more, where @s is NULL. Context: atomic, with
 * interrupts on.
 */
void kmem_cache_free_bulk(struct kmem_cache *s, __SIZE_TYPE__ size, void **p);

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
	BRIDGE_TIMER_ABSOLUTE = 0, /* HRTIMER_MODE_ABS */
	BRIDGE_MAX_ERRNO = 4095,   /* MAX_ERRNO: the last so many addresses are ERR_PTRs */
};

/*
 * BRIDGE_STORAGE - the bytes of a kernel's type, for a struct here
 * @type: its name in sizes.c, which says the size and the alignment in the kernel that is built
 * for
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

/* bridge_task_comm - the thread's name, as far as the kernel keeps it. Any context. */
const char *bridge_task_comm(const struct task_struct *task);

/* bridge_current - the calling thread. */
struct task_struct *bridge_current(void);

/*
 * bridge_own_thread - the calling thread, NULL in an interrupt, which runs on top of any thread
 *
 * Any context. Stands on in_task().
 */
struct task_struct *bridge_own_thread(void);

/* bridge_irqs_disabled - whether interrupts are off on this CPU. Any context. */
bool bridge_irqs_disabled(void);

/*
 * bridge_hardirq_cpu - the number of the CPU plus 1 in a hard interrupt, 0 elsewhere
 *
 * Any context. Stands on in_hardirq().
 */
unsigned int bridge_hardirq_cpu(void);

/*
 * bridge_thread_data - what the calling thread was created with, if @function is its function
 *
 * NULL for all others. Any context. Wraps kthread_func(), kthread_data().
 */
void *bridge_thread_data(int (*function)(void *data));

/* kthreadxx_should_stop - for C, by should_stop.h. Context: a kernel thread. */
bool kthreadxx_should_stop(void);

/*
 * bridge_might_sleep - report a caller whose context does not allow it to sleep. Wraps
 * might_sleep().
 */
void bridge_might_sleep(void);

/*
 * bridge_idle - the caller is about to sleep in TASK_IDLE, which counts for no load average
 * @freezes: a freezable thread may be frozen in the sleep, else the freezer wakes it
 *
 * The caller then tests what may end the sleep: a wake-up in between is not lost. A caller that
 * does not sleep after all calls bridge_awake(). May sleep. Wraps set_current_state().
 */
void bridge_idle(bool freezes);
void bridge_awake(void);

/*
 * bridge_sleep_until - sleep until a time; wake-ups before that do not end the sleep
 * @time: nanoseconds of ktime_get()
 * @slack: so many later, if that saves an interrupt
 *
 * In TASK_IDLE. The freezer waits for the end of the sleep. May sleep. Wraps
 * schedule_hrtimeout_range().
 */
void bridge_sleep_until(long long time, unsigned long long slack);

/*
 * bridge_wait_begin, _prepare, _end - sleep on an address until bridge_wake_all() on it
 * @how: BRIDGE_WAITS: in TASK_UNINTERRUPTIBLE, which the hung-task detector watches, and in which
 *	the freezer waits for a process and not for a kernel thread; else as bridge_idle()
 *
 * Between _begin and _end, _prepare is bridge_idle() for such a sleep. The caller may hold locks
 * that allow it to sleep. May sleep. Wrap prepare_to_swait_event() on a queue of many addresses.
 */
enum bridge_sleep { BRIDGE_SLEEPS, BRIDGE_FREEZES, BRIDGE_WAITS };
struct bridge_waiter {
	BRIDGE_STORAGE(SWAIT);
	const void *address;
};

void bridge_wait_begin(struct bridge_waiter *waiter, const void *address);
void bridge_wait_prepare(struct bridge_waiter *waiter, enum bridge_sleep how);
void bridge_wait_end(struct bridge_waiter *waiter);

/*
 * bridge_wait_besides - as bridge_wait_begin() and _prepare, for a caller that is about to sleep
 *
 * The caller's state stays as it is, so that no wake-up is lost since it was set. May sleep.
 * Wraps list_add_tail().
 */
void bridge_wait_besides(struct bridge_waiter *waiter, const void *address);

/*
 * bridge_wake_all - wake all threads that sleep on this address, after a change that they wait for
 *
 * Nothing is read at the address, which may be gone. Context: hard interrupt. Wraps
 * wake_up_process() for each entry of a swait_queue_head.
 */
void bridge_wake_all(const void *address);

/*
 * bridge_mutex - the kernel's mutex
 *
 * May sleep, but bridge_mutex_init() and bridge_mutex_try_lock(), which are for process context.
 * Wraps mutex_init(), mutex_lock(), mutex_trylock(), mutex_unlock().
 */
struct bridge_mutex {
	BRIDGE_STORAGE(MUTEX);
};

void bridge_mutex_init(struct bridge_mutex *mutex);
void bridge_mutex_lock(struct bridge_mutex *mutex);
bool bridge_mutex_try_lock(struct bridge_mutex *mutex);
void bridge_mutex_unlock(struct bridge_mutex *mutex);

/*
 * bridge_link - a place in the list of objects that have to be gone before this module goes
 *
 * _add() appends a link to the list, or puts it in front. _remove() takes it out. May sleep.
 * _add_called() is for what the kernel calls, that no thread has to be stopped for.
 *
 * When the module goes, or its init has failed, the list calls left_behind() for each link that is
 * still there, from the first on. That is after the module's exit and before the kernel frees its
 * memory. BRIDGE_ASK comes to all links before any BRIDGE_STOP, as one thread may wait for the end
 * of another, or of an item. It comes to what a thread of the module has made when that thread has
 * ended, which may need it until then. BRIDGE_STOP comes when all threads have ended, and stops
 * those of the link that have not: after one second nobody waits any more, as a thread may wait for
 * what it has made, or for kthread_stop(). Until they have stopped, they may remove and destroy
 * other links; _remove() waits while left_behind() runs for its link. _remove_own() is for a thread
 * that left_behind() waits for: it returns false then, and does nothing. BRIDGE_FREE comes when no
 * thread runs any more, to each link that is left. It has to take the link out, then or before.
 * left_behind() may sleep.
 *
 * What the kernel calls comes after the threads have stopped, as they may wait for it: first what
 * @may_sleep, then what is called in interrupts, of which _add_called() and _remove_polled() may be
 * called in an atomic context, and to which no BRIDGE_ASK comes. BRIDGE_STOP comes to each, and
 * once more when bridge_module_is_over is true and no callable begins any more: it waits for the
 * one that runs, which may have started others. If one has made threads, all begins anew for these.
 * Then comes BRIDGE_FREE, before that of any other link.
 */
enum bridge_end { BRIDGE_ASK, BRIDGE_STOP, BRIDGE_FREE };
struct bridge_link {
	struct bridge_link *next, *prev;
	void (*left_behind)(struct bridge_link *link, enum bridge_end how);
	int maker; /* the pid of the task that added it */
};

void bridge_module_add(struct bridge_link *link, bool first,
		       void (*left_behind)(struct bridge_link *link, enum bridge_end how));
void bridge_module_add_called(struct bridge_link *link, bool may_sleep,
			      void (*left_behind)(struct bridge_link *link, enum bridge_end how));
void bridge_module_remove(struct bridge_link *link);
bool bridge_module_remove_own(struct bridge_link *link);
extern bool bridge_module_is_over;

/*
 * bridge_hold_module - keep the module of this code from being unloaded; false if it is going
 * already
 *
 * Until __module_put_and_kthread_exit(&__this_module, code), which ends the calling kthread with
 * this result as well. objtool knows by name which functions never return, so that this one is
 * called directly, or until bridge_let_go_of_module(). Wrap try_module_get(), module_put().
 */
extern struct module __this_module;

bool bridge_hold_module(void);
void bridge_let_go_of_module(void);
void __module_put_and_kthread_exit(struct module *module, long code) __attribute__((__noreturn__));

/*
 * bridge_lockdep_map - tells lockdep of waits that are no locks
 *
 * _enter and _leave enclose code of a thread, _wait says that the caller waits for the end of such
 * code. lockdep then reports a caller that holds a lock which that code takes. Objects of one key
 * are of one class. Two threads of one class may wait for each other without a report. Of no size,
 * and the functions do nothing, where BRIDGE_LOCKDEP is 0. Context: atomic; _wait: may sleep. Wrap
 * lock_map_acquire(), lock_map_release().
 */
struct bridge_lockdep_map {
	BRIDGE_STORAGE(LOCKDEP_MAP);
};

void bridge_lockdep_init(struct bridge_lockdep_map *map, const void *key, const char *name);
void bridge_lockdep_copy(struct bridge_lockdep_map *to, const struct bridge_lockdep_map *from);
void bridge_lockdep_enter(struct bridge_lockdep_map *map);
void bridge_lockdep_leave(struct bridge_lockdep_map *map);
void bridge_lockdep_wait(struct bridge_lockdep_map *map);

/*
 * bridge_yield - let others run, and tell RCU-tasks that the caller is between two pieces of work
 *
 * May sleep. Wraps cond_resched_tasks_rcu_qs().
 */
void bridge_yield(void);

/*
 * bridge_set_freezable - let the freezer freeze the calling thread, which then looks for it
 * bridge_freezing - whether the freezer asks the calling thread to freeze
 * bridge_freeze - freeze if it does; true if it was frozen
 * @map: which the thread has entered; frozen it does not count as a lock
 * bridge_parkme - park the calling thread until it is unparked, if it shall
 *
 * While a freezable thread is parked the freezer does not wait for it; it looks for the freezer
 * after that. What was written before the freezer began is read after bridge_freezing(). May
 * sleep. Wrap freezing(), try_to_freeze(), kthread_parkme().
 */
void bridge_set_freezable(void);
bool bridge_freezing(void);
bool bridge_freeze(struct bridge_lockdep_map *map);
void bridge_parkme(void);

/*
 * bridge_node_is_valid - whether kthread_create_on_node() takes this number. Any context. Wraps
 * node_online().
 */
bool bridge_node_is_valid(int node);

/* bridge_online_cpus - how many there are. Any context. Wraps num_online_cpus(). */
unsigned int bridge_online_cpus(void);

/*
 * bridge_bind_cpu, bridge_bind_list - run on this CPU only, or on those of a list such as "0-3,8"
 *
 * Before the first wake-up; to a list also while a thread that is bound is parked. Nobody else can
 * change that. May sleep. 0; -EINVAL if it is no list or none of its CPUs is online; -ENOMEM. A
 * thread that is bound stays bound after an error. Wrap kthread_bind(), set_cpus_allowed_ptr().
 */
int bridge_bind_cpu(struct task_struct *task, unsigned int cpu);
int bridge_bind_list(struct task_struct *task, const char *cpus);

/* bridge_set_affinity - as bridge_bind_list() for any thread, but others can change that */
int bridge_set_affinity(struct task_struct *task, const char *cpus);

/*
 * bridge_bind_again - bind the calling thread to a CPU that was offline and is back
 *
 * For one that bridge_bind_cpu() has bound, and that the kernel has moved elsewhere since. Does
 * nothing as long as the CPU is away, or if @cpu is negative. May sleep. Wraps
 * set_cpus_allowed_ptr().
 */
void bridge_bind_again(int cpu);

/* bridge_unbind - let others change the CPUs of the calling thread, which is bound. Any context. */
void bridge_unbind(void);

/* bridge_is_signal - whether a signal has this number. Any context. Wraps valid_signal(). */
bool bridge_is_signal(int signal);

/* bridge_send_signal - 0, or -EINVAL for a number that is none. Any context. Wraps send_sig(). */
int bridge_send_signal(struct task_struct *task, int signal);

/*
 * bridge_percpu_start - a thread on each online CPU, and on each that comes online
 * @calls: what they call, copied; all but the first two may be NULL
 *
 * Sleeps. An ERR_PTR: -ENOMEM, or -EINTR if the caller is killed while it waits; then no thread is
 * left. Wraps smpboot_register_percpu_thread().
 *
 * In C alone RANDSTRUCT shuffles a struct that has functions only. The name prevents that.
 */
struct bridge_percpu_calls {
	const char *name; /* a format for the CPU's number; lives as long as they do */
	int (*should_run)(unsigned int cpu);
	void (*run)(unsigned int cpu);
	void (*setup)(unsigned int cpu);
	void (*cleanup)(unsigned int cpu, bool online);
	void (*park)(unsigned int cpu);
	void (*unpark)(unsigned int cpu);
};

struct smp_hotplug_thread *bridge_percpu_start(const struct bridge_percpu_calls *calls);

/*
 * bridge_percpu_stop - end the threads and wait for them
 *
 * May sleep. Returns 0, or -EDEADLK, without doing anything, if one of them calls it. Wraps
 * smpboot_unregister_percpu_thread().
 */
int bridge_percpu_stop(struct smp_hotplug_thread *threads);

/*
 * bridge_percpu_wake - wake_up_process() for this CPU's thread, false if there is none. Any
 * context.
 */
int bridge_percpu_wake(struct smp_hotplug_thread *threads, unsigned int cpu);

/*
 * bridge_lock - the kernel's raw spinlock
 *
 * Interrupts are off while it is held. _acquire() gives what _release() takes. The _irq forms are
 * for a caller that has them on. Context: hard interrupt; the _irq forms: may sleep. Wraps
 * raw_spin_lock_init(), raw_spin_lock_irqsave(), raw_spin_lock_irq().
 */
struct bridge_lock {
	BRIDGE_STORAGE(RAW_SPINLOCK);
};

void bridge_lock_init(struct bridge_lock *lock);
unsigned long bridge_lock_acquire(struct bridge_lock *lock);
void bridge_lock_release(struct bridge_lock *lock, unsigned long flags);
void bridge_lock_acquire_irq(struct bridge_lock *lock);
void bridge_lock_release_irq(struct bridge_lock *lock);

/*
 * bridge_list_of - the one of a table of lists, each with its lock, that belongs to an address
 *
 * For what few objects have, so that the others need no room for it. Several addresses share a
 * list. Any context.
 */
struct bridge_list {
	void *first;
	struct bridge_lock lock;
};

struct bridge_list *bridge_list_of(const void *address);

/*
 * bridge_completion - on the stack of a caller that waits for another context
 *
 * _wait sleeps in TASK_UNINTERRUPTIBLE and is no hindrance to suspend. _complete is called once,
 * from hard interrupt context or any below, and does not touch the object after the waiter may go
 * on. Wraps init_completion(), wait_for_completion_state(), complete().
 */
struct bridge_completion {
	BRIDGE_STORAGE(COMPLETION);
};

void bridge_completion_init(struct bridge_completion *completion);
void bridge_completion_wait(struct bridge_completion *completion);
void bridge_completion_complete(struct bridge_completion *completion);

/*
 * bridge_timer - calls expired(), in hard interrupt context, when its time has come
 *
 * bridge_timer_init(): context: atomic. Wraps hrtimer_init() or hrtimer_setup().
 */
struct bridge_timer {
	BRIDGE_STORAGE(HRTIMER);
	void (*expired)(struct bridge_timer *timer);
};

void bridge_timer_init(struct bridge_timer *timer, void (*expired)(struct bridge_timer *timer));

/*
 * bridge_timer_start - at that time of ktime_get(), and no more at an earlier one
 *
 * An expired() of the earlier time may be about to run, or run, and does not count. Context: hard
 * interrupt. The timer may come later by @slack if that saves an interrupt. Wraps
 * hrtimer_start_range_ns().
 */
void bridge_timer_start(struct bridge_timer *timer, long long expires, unsigned long long slack);

/*
 * bridge_timer_try_to_cancel - the timer does not come any more, unless expired() is on its way
 * already
 *
 * Context: hard interrupt. Wraps hrtimer_try_to_cancel().
 */
void bridge_timer_try_to_cancel(struct bridge_timer *timer);

/* bridge_timer_destroy - end the use of a timer's memory; waits for expired(). May sleep. */
void bridge_timer_destroy(struct bridge_timer *timer);

#ifdef __cplusplus
}
#endif

#endif
