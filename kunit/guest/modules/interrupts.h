/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Operations that interrupts and threads do on the same objects at once.
 */
#ifndef KTHREADXX_INTERRUPTS_H
#define KTHREADXX_INTERRUPTS_H

#ifdef __cplusplus
extern "C" {
#endif

/* The counters: calls from interrupts, then their effects in threads. */
#define INTERRUPT_COUNTERS(X)                                                                      \
	X(WAKE, "wake")                                                                            \
	X(REQUEST_STOP, "request_stop")                                                            \
	X(TOKEN_REQUEST_STOP, "token_request_stop")                                                \
	X(NOTIFY_ALL, "notify_all")                                                                \
	X(QUEUE, "queue")                                                                          \
	X(QUEUE_AFTER, "queue_after")                                                              \
	X(MOD, "mod")                                                                              \
	X(SET_PERIOD, "set_period")                                                                \
	X(RESTART, "restart")                                                                      \
	X(GROUP_WAKE, "group_wake")                                                                \
	X(GROUP_REQUEST_STOP, "group_request_stop")                                                \
	X(PERCPU_WAKE, "percpu_wake")                                                              \
	X(WORKER_WAKE, "worker_wake")                                                              \
	X(EVENT_SET, "event_set")                                                                  \
	X(RELEASE, "release")                                                                      \
	X(JOB_REQUEST_STOP, "job_request_stop")                                                    \
	X(LOOKS, "looks")                                                                          \
	X(WAKE_UPS, "wake_ups")                                                                    \
	X(WAITS, "waits")                                                                          \
	X(BEATS, "beats")                                                                          \
	X(ITEMS, "items")                                                                          \
	X(PERCPU_RUNS, "percpu_runs")                                                              \
	X(JOINS, "joins")                                                                          \
	X(TOKEN_JOINS, "token_joins")                                                              \
	X(GROUP_JOINS, "group_joins")                                                              \
	X(PARKS, "parks")                                                                          \
	X(FLUSHES, "flushes")                                                                      \
	X(WORKER_FLUSHES, "worker_flushes")                                                        \
	X(CANCELS, "cancels")                                                                      \
	X(EVENTS, "events")                                                                        \
	X(UNITS, "units")                                                                          \
	X(JOB_JOINS, "job_joins")

#define INTERRUPT_ENUM(name, what) INTERRUPT_##name,
enum interrupt_counter { INTERRUPT_COUNTERS(INTERRUPT_ENUM) INTERRUPT_COUNTER_COUNT };

/* In any context. */
void interrupts_count(enum interrupt_counter counter);

/* In threads. 0 or a negative errno. */
int interrupts_begin(void);
/* Interrupts come until all threads that depend on them are gone. */
void interrupts_let_go(void);
void interrupts_end(void);

/* In a hard interrupt: the nth. */
void interrupts_come(unsigned int n);
/* In any context: what may be called in all of them. */
void interrupts_look(void);

#ifdef __cplusplus
}
#endif

#endif
