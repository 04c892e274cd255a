// SPDX-License-Identifier: GPL-2.0
//
// A kernel, as far as the library sees it. Each function stands for the kernel's of the same name, in
// its indivisible steps; a comment says so where it has another name or does less. Processors are as
// many as there are contexts: a thread that waits for its turn on one is a thread that is preempted.
#pragma once

#include "../explore.hpp"

enum : unsigned int {
	TASK_RUNNING = 0,
	TASK_INTERRUPTIBLE = 1,
	TASK_UNINTERRUPTIBLE = 2,
	TASK_NORMAL = 3,
	TASK_PARKED = 0x40,
	TASK_DEAD = 0x80,
	TASK_NOLOAD = 0x400,
	TASK_FREEZABLE = 0x2000,
	TASK_FROZEN = 0x8000,
	TASK_IDLE = TASK_UNINTERRUPTIBLE | TASK_NOLOAD,
};

struct completion {
	int done;
};

struct hrtimer {
	const void *address; // of the library's object
	void (*function)(void *);
	bool armed, callback_runs, restarts;
	bool destroyed; // as CONFIG_DEBUG_OBJECTS_TIMERS sees it
	int fiber;
};

struct task_struct {
	int fiber, references;
	unsigned int state;
	bool is_kthread, should_stop, should_park, per_cpu, has_started, has_ended, was_stopped;
	bool freezable; // without PF_NOFREEZE
	bool bound;     // PF_NO_SETAFFINITY
	bool has_affinity;
	completion parked, exited;
	int result;
	unsigned int cpu;
	int (*function)(void *);
	void *data;
	bool timed_out;
	hrtimer *sleeper;
	char name[24];
};

namespace kernel
{
constexpr int cpus = 2;

// The running fiber's; in an interrupt the one of the thread that it interrupts.
task_struct *current();
void alive(const task_struct *task, const char *what);

// A function that may sleep says so first. Fails in an interrupt, with a spinlock, with preemption or
// interrupts off.
void might_sleep();
// ... and, as DEBUG_ATOMIC_SLEEP has it, fails in a thread that is about to sleep already.
void might_sleep_while_running();
void preempt_disable();
void preempt_enable();

void smp_mb();
void set_current_state(unsigned int state);
void __set_current_state(unsigned int state);
void become(unsigned int state);
bool try_to_wake_up(task_struct *task, unsigned int states, const char *what);
void schedule();
int schedule_hrtimeout(long long expires);
void usleep_range_state(unsigned long min, unsigned int state);
void cond_resched();

// Named by an object of the library's.
void raw_spin_lock(void *lock, bool interrupts_off = true);
void raw_spin_unlock(void *lock, bool interrupts_off = true);

// struct mutex.
void mutex_lock(void *mutex);
bool mutex_trylock(void *mutex);
void mutex_unlock(void *mutex);

// Those who sleep on a queue, each with an entry of its own. A key tells them apart where several
// share a queue.
void prepare_to_swait_event(const void *queue, const void *key, const void *entry,
			    unsigned int state);
void join_swait(const void *queue, const void *key, const void *entry); // without a state
void finish_swait(const void *queue, const void *entry);
bool swait_active(const void *queue);
// The steps of a wake-up: with the queue locked, the first task with that key, or null.
void lock_swait(const void *queue);
task_struct *first_of_swait(const void *queue, const void *key, const void **entry);
void leave_swait(const void *queue, const void *entry);
void unlock_swait(const void *queue);

void complete(completion *done);
void wait_for_completion(completion *done, const char *what);

hrtimer *hrtimer_init(const void *address, void (*function)(void *));
void hrtimer_start(hrtimer *timer, long long expires);
bool hrtimer_is_queued(hrtimer *timer);
void hrtimer_restart(hrtimer *timer, long long expires);
int hrtimer_try_to_cancel(hrtimer *timer);
int hrtimer_cancel(hrtimer *timer);
void hrtimer_destroy(hrtimer *timer);
bool hrtimer_callback_running(hrtimer *timer);
hrtimer *hrtimer_of(const void *address);
long long ktime_get();

task_struct *kthread_create(int (*function)(void *), void *data, const char *name);
[[noreturn]] void kthread_exit(int result);
bool freezing();
bool try_to_freeze();
void log_line(const char *format);

bool cpu_online(unsigned int cpu);
} // namespace kernel

extern "C" {
bool kthread_should_stop();
void kthread_parkme();
void kthread_bind(task_struct *task, unsigned int cpu);
}

// For scenarios: what happens to the system.
namespace explore
{
// Freezes all that are freezable and waits until they are; then thaws them. freeze_kernel_threads().
void suspend();
void begin_to_freeze(); // without waiting
void resume();
void cpu_down(unsigned int cpu);
void cpu_up(unsigned int cpu);
// The module goes, after its exit: waits until nobody holds it, and is told of what is left.
void module_goes(bool init_fails = false);
// The kernel has no KASAN, without which the thread of an executor keeps the frames of its tasks.
void keep_frames();
// How many lines the library has logged by then. At the end of a scenario nothing else may be in the log.
void expect_log(int least, int most);
} // namespace explore
