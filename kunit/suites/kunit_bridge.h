/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests need of KUnit and of the kernel, beyond what they test.
 */
#ifndef KTHREADXX_KUNIT_BRIDGE_H
#define KTHREADXX_KUNIT_BRIDGE_H

struct kunit;

#ifdef __cplusplus
extern "C" {
#endif

void kunit_bridge_expect(struct kunit *test, bool met, const char *file, int line,
			 const char *what);
void kunit_bridge_expect_eq(struct kunit *test, long long left, long long right, const char *file,
			    int line, const char *what);

/* Counts the test as skipped; it is for the test to return then. */
void kunit_bridge_skip(struct kunit *test, const char *why);

void kunit_bridge_sleep_ms(unsigned int ms);

/* The time by the kernel's ticks, which lag behind ktime_get() on a busy host. */
long long kunit_bridge_tick_ns(void);

/* The module's parameter rounds. */
unsigned int kunit_bridge_rounds(void);

/* Sleeps until a signal is pending, then returns a negative errno. */
int kunit_bridge_sleep_interruptible(void);

/* Makes the calling kernel thread one that a SIGKILL has reached, and undoes it. */
void kunit_bridge_kill_current(void);
void kunit_bridge_revive_current(void);

bool kunit_bridge_signal_pending(void);

/* Of the thread with this pid: its state as in ps, 0 if it is gone; its priority, from 0 for the
 * highest of real time to 139 for nice 19; whether comm is its name.
 */
char kunit_bridge_state(int pid);
int kunit_bridge_priority(int pid);
bool kunit_bridge_has_comm(int pid, const char *comm);

/* Whether this kernel can make allocations fail. */
bool kunit_bridge_can_fail_memory(void);

/*
 * Makes the n-th allocation from now on fail, of the caller or of kthreadd, none with 0; how many
 * there were to go until then.
 */
unsigned int kunit_bridge_fail_nth(bool kthreadd, unsigned int n);

/*
 * Counts the pieces of memory that the caller gets by kmalloc(), which the checkers do not
 * use: they have caches of their own. 0 or a negative errno. The second gives how many there
 * were since the last time, and in failed the bit of each that was not to be had, bit 0 for
 * the first.
 */
int kunit_bridge_watch_kmalloc(void);
unsigned int kunit_bridge_count_kmalloc(unsigned long long *failed);
void kunit_bridge_unwatch_kmalloc(void);

/* The number of threads whose names begin so. */
unsigned int kunit_bridge_count(const char *name);

unsigned int kunit_bridge_last_cpu(void);
/*
 * Whether it has an address space, whether it is a kernel thread, whether the freezer waits for it,
 * and whether there is one; the CPU it ran on last.
 */
bool kunit_bridge_has_mm(int pid);
bool kunit_bridge_is_kthread(int pid);
bool kunit_bridge_is_freezable(int pid);
bool kunit_bridge_has_freezer(void);
int kunit_bridge_task_cpu(int pid);

bool kunit_bridge_cpu_is_online(unsigned int cpu);
bool kunit_bridge_node_is_online(int node);

/* The CPU the caller runs on, and how many it may run on. */
unsigned int kunit_bridge_cpu(void);
unsigned int kunit_bridge_cpus_allowed(void);

/* Takes a CPU offline, and back: 0 or a negative errno. */
int kunit_bridge_remove_cpu(unsigned int cpu);
int kunit_bridge_add_cpu(unsigned int cpu);

#ifdef __cplusplus
}
#endif

#endif
