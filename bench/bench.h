/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is measured, in C and in C++ by the same names, and what both may ask of the frame.
 */
#ifndef KTHREADXX_BENCH_H
#define KTHREADXX_BENCH_H

#ifdef __cplusplus
extern "C" {
#endif

/* bench_clock - instructions where the emulator counts them, else nanoseconds. Any context. */
unsigned long long bench_clock(void);

/* bench_reach - a thread has come to where bench_await() waits for it. Any context. */
void bench_reach(void);

/* bench_await - wait until bench_reach() has been called so many more times. Sleeps. */
void bench_await(unsigned int times);

/* bench_sleep - for so many microseconds. */
void bench_sleep(unsigned long long us);

/* bench_settle - give all that was woken the time to go to sleep again. Sleeps. */
void bench_settle(void);

/* bench_cpu - a CPU for each number, another one for 0 than for 1 where there are two. */
unsigned int bench_cpu(unsigned int i);

/*
 * bench_spin, bench_taken - a thread that runs when no other does, and what others took from it
 *
 * Without what bench_settle() took itself. The second ends the first, gives 0 if there was none.
 * Both sleep.
 */
void bench_spin(void);
unsigned long long bench_taken(void);

/*
 * bench_produce - so many threads call produce(first, count), each for its part of n
 *
 * Sleeps until all have. The time of the first's start, or 0 if there was no memory.
 */
unsigned long long bench_produce(unsigned int producers, unsigned int n,
				 void (*produce)(unsigned int first, unsigned int count));

/* bench_memory, bench_free - zeroed memory of any size, or NULL. Sleep. */
void *bench_memory(unsigned long size);
void bench_free(void *memory);

/* bench_size_of - how many bytes the kernel took for this memory of kmalloc(). Any context. */
unsigned long bench_size_of(const void *memory);

/* bench_period - of a job among many, in nanoseconds: 10 ms to 1 s. Any context. */
unsigned long long bench_period(unsigned int i);

/* bench_allocated - how many bytes the kernel takes to allocate so many. Sleeps. */
unsigned long bench_allocated(unsigned long size);

/*
 * An operation is done n times, and what that took is returned, 0 if it failed. The jobs of
 * SIDE_jobs() have a slack of 1 ms, those of SIDE_jobs_exact() have none. SIDE_beats()
 * returns how many beats were kept while n periods went by, of so many microseconds;
 * SIDE_create_bytes() and SIDE_work_bytes() the memory of a thread on the heap, beside the kernel's
 * own, and of an item. All sleep.
 */
#define BENCH_OPERATIONS(SIDE)                                                                     \
	unsigned long long SIDE##_create(unsigned int n);                                          \
	unsigned long long SIDE##_create_boxed(unsigned int n);                                    \
	unsigned long long SIDE##_create_bytes(unsigned int n);                                    \
	unsigned long long SIDE##_check(unsigned int n);                                           \
	unsigned long long SIDE##_yield(unsigned int n);                                           \
	unsigned long long SIDE##_sleep(unsigned int n);                                           \
	unsigned long long SIDE##_sleep_woken(unsigned int n);                                     \
	unsigned long long SIDE##_wait(unsigned int n);                                            \
	unsigned long long SIDE##_park(unsigned int n);                                            \
	unsigned long long SIDE##_beat(unsigned int n);                                            \
	unsigned long long SIDE##_beats(unsigned int n, unsigned int period);                      \
	unsigned long long SIDE##_jobs(unsigned int n, unsigned int beats);                        \
	unsigned long long SIDE##_jobs_exact(unsigned int n, unsigned int beats);                  \
	unsigned long long SIDE##_jobs_create(unsigned int n);                                     \
	unsigned long long SIDE##_jobs_create_in_one(unsigned int n);                              \
	unsigned long long SIDE##_jobs_stop(unsigned int n);                                       \
	unsigned long long SIDE##_jobs_bytes(unsigned int n);                                      \
	unsigned long long SIDE##_jobs_call(unsigned int n);                                       \
	unsigned long long SIDE##_mutex(unsigned int n);                                           \
	unsigned long long SIDE##_spinlock(unsigned int n);                                        \
	unsigned long long SIDE##_irqsave(unsigned int n);                                         \
	unsigned long long SIDE##_completion(unsigned int n);                                      \
	unsigned long long SIDE##_semaphore(unsigned int n);                                       \
	unsigned long long SIDE##_channel(unsigned int n);                                         \
	unsigned long long SIDE##_condition(unsigned int n);                                       \
	int SIDE##_group_start(unsigned int n);                                                    \
	void SIDE##_group_stop(void);                                                              \
	unsigned long long SIDE##_work_latency(unsigned int n);                                    \
	unsigned long long SIDE##_work_bytes(unsigned int n);                                      \
	unsigned long long SIDE##_work_produce(unsigned int n, unsigned int producers)

BENCH_OPERATIONS(c);
BENCH_OPERATIONS(cxx);

/* A task wakes another, of a pair. In C that is half of what c_wait() does. */
unsigned long long cxx_jobs_wake(unsigned int n);

/* The same, with a flag that tells all threads before the first is waited for. */
void c_group_tell_and_stop(void);

/* What else the kernel has for work, and how the tutorials do the rest. */
unsigned long long llist_work_produce(unsigned int n, unsigned int producers);
unsigned long long wq_work_latency(unsigned int n);
unsigned long long wq_work_produce(unsigned int n, unsigned int producers);
unsigned long long unbound_work_produce(unsigned int n, unsigned int producers);
int tutorial_group_start(unsigned int n);
void tutorial_group_stop(void);
unsigned long long tutorial_beats(unsigned int n, unsigned int period);

#ifdef __cplusplus
}
#endif

#endif
