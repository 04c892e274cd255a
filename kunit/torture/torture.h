/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kthreadxx_torture.ko, as its two halves see each other. torture.c has the torturers, which are
 * plain kthreads, so that a library that breaks does not take them along; C++ has what they do.
 */
#ifndef KTHREADXX_TORTURE_H
#define KTHREADXX_TORTURE_H

#ifdef __cplusplus
extern "C" {
#endif

/* The counters, and their names in the report. */
/* clang-format off */
#define TORTURE_COUNTERS(count)                       \
	count(OPERATIONS, "operations")               \
	count(CHECKS, "checks")                       \
	count(FAILURES, "failures")                   \
	count(CREATED, "threads created")             \
	count(KILLED, "creations killed")             \
	count(STARTED, "bodies started")              \
	count(CANCELLED, "threads without a run")     \
	count(PARKED, "threads parked")               \
	count(WOKEN, "sleeps ended by a wake-up")     \
	count(GROUPS, "groups")                       \
	count(WORKERS, "workers")                     \
	count(QUEUED, "items queued")                 \
	count(RUNS, "items run")                      \
	count(ITEMS_CANCELLED, "items cancelled")     \
	count(PERCPU, "sets of per-CPU threads")      \
	count(PERCPU_RUNS, "runs of per-CPU threads") \
	count(EXECUTORS, "executors")                 \
	count(TASKS, "tasks begun")                   \
	count(INTERRUPTS, "interrupts")
/* clang-format on */

#define TORTURE_ENUMERATOR(name, what) TORTURE_##name,
enum torture_counter { TORTURE_COUNTERS(TORTURE_ENUMERATOR) TORTURE_COUNTER_COUNT };
#undef TORTURE_ENUMERATOR

/* torture_count - one more of them. Any context. */
void torture_count(enum torture_counter counter);

/* torture_failed - tells of a check that was not met, and of the torturer. Any context. */
void torture_failed(const char *file, int line, const char *what, long long left, long long right);

void torture_sleep_us(unsigned int us);

/* torture_cpu - where the caller runs; of a bound thread, that is where it will go on. */
unsigned int torture_cpu(void);

/* torture_kill, torture_revive - makes the caller one that a SIGKILL has reached, and undoes it. */
void torture_kill(void);
void torture_revive(void);

/*
 * The functions in C++ that torture.c calls.
 */

enum {
	TORTURERS_MAX = 32,
	TORTURE_PATIENCE_S = 20, /* far over what anything takes on a busy machine */
};

/* torture_begin, torture_end - before the first torturer, and after the last. 0 or an errno. */
int torture_begin(unsigned int torturers, unsigned long long seed);
void torture_end(void);

/*
 * torture_step - one operation, the same for the same seed, torturer and step
 *
 * From the torturer.
 */
void torture_step(unsigned int torturer, unsigned long long step);

/* torture_leave - the torturer gives up what it alone has */
void torture_leave(unsigned int torturer);

/* torture_interrupt - what may be done in any context, in the worst of them */
void torture_interrupt(unsigned long long step);

/* torture_doing - the operation it is at; torture_trail - a number that all operations have made */
const char *torture_doing(unsigned int torturer);
unsigned long long torture_trail(unsigned int torturer);

#ifdef __cplusplus
}
#endif

#endif
