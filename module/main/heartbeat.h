/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The module's program, as its two halves see each other. heartbeat.cc has the threads and what
 * they measure; main.c has what <linux/module.h> and its like do by macros: parameters, files in
 * debugfs, tracepoints.
 *
 * Unless it says otherwise a function may sleep, and main.c calls one at a time.
 */
#ifndef KTHREADXX_HEARTBEAT_H
#define KTHREADXX_HEARTBEAT_H

#ifdef __cplusplus
extern "C" {
#endif

enum {
	HEARTBEAT_CREATE, /* create a thread, then wake it */
	HEARTBEAT_RUN,    /* both at once */

	HEARTBEAT_NORMAL = 0, /* sched_set_normal() */
	HEARTBEAT_FIFO,       /* sched_set_fifo() */
	HEARTBEAT_FIFO_LOW,   /* sched_set_fifo_low() */

	/* Under 1 us, then from each power of two to the next, the last one without an end. */
	HEARTBEAT_BUCKETS = 24,
};

/* How the threads are made. They look at it when others are made later, too. */
struct heartbeat_options {
	const char *name; /* of thread i: name/i */
	const char *cpus; /* a list of those they may run on, or empty */
	bool per_cpu;     /* thread i runs on the i-th of heartbeat_next_cpu(), its i is the CPU */
	int node;         /* of their memory, or -1 */
	int policy;       /* HEARTBEAT_NORMAL, … */
	int nice;
	int method; /* HEARTBEAT_CREATE, … */
};

/*
 * heartbeat_start - make threads, all of which begin to beat when the last one is there
 * @threads: how many, not 0
 * @period_us: microseconds between two beats, not 0
 * @log: a thread logs a line after this many beats, 0 for never
 * @paused: they park instead
 *
 * 0, -ENOMEM, or the errno of the first thread that could not be made, which is told; then none is
 * left.
 */
int heartbeat_start(const struct heartbeat_options *options, unsigned int threads,
		    unsigned int period_us, unsigned int log, bool paused);

/* heartbeat_stop - stop all, tell what they measured, and free all */
void heartbeat_stop(void);

/*
 * heartbeat_set_threads - make others, or stop the last ones, until there are so many
 *
 * 0, or the errno of the first that could not be made, which is told; then all is as before.
 */
int heartbeat_set_threads(unsigned int threads);

/*
 * heartbeat_set_period, _log, _paused - another value of what heartbeat_start() was given
 *
 * At once, also for threads that sleep. What was due while they were parked is not missed. Always
 * 0.
 */
int heartbeat_set_period(unsigned int period_us);
int heartbeat_set_log(unsigned int log);
int heartbeat_set_paused(unsigned int paused);

/*
 * heartbeat_cpu_offline, heartbeat_cpu_online - what becomes of the threads bound to a CPU
 *
 * With per_cpu its thread parks as long as it is offline. Otherwise the kernel lets the threads go
 * elsewhere when their last CPU goes, and they are bound again by the first that comes back.
 */
void heartbeat_cpu_offline(unsigned int cpu);
void heartbeat_cpu_online(unsigned int cpu);

/* What is known of a thread. Latency is from when a beat was due to when the thread ran. */
struct heartbeat_status {
	const char *name; /* as long as show() runs */
	int pid;
	unsigned int cpu;
	char state; /* the letter that ps shows */
	unsigned long long beats;
	unsigned long long missed;
	unsigned long long min_ns, mean_ns, max_ns; /* of no beat: 0 */
	unsigned long long latency[HEARTBEAT_BUCKETS];
};

/*
 * heartbeat_for_each - show(status, data) for each thread, in their order
 *
 * The threads go on beating: a beat may be counted in one place and not yet in another.
 */
void heartbeat_for_each(void (*show)(const struct heartbeat_status *status, void *data),
			void *data);

/*
 * What main.c has for heartbeat.cc.
 */

/* heartbeat_next_cpu - the first CPU after this one, or after -1, that is to have a thread */
int heartbeat_next_cpu(int cpu);

/* heartbeat_log_beat - a line in the log, unless there are too many. From any context. */
void heartbeat_log_beat(const char *name, unsigned long long beat, unsigned long long latency_ns);

/*
 * The tracepoints, from any context; start, beat and stop from the thread itself.
 */
void heartbeat_trace_start(const char *name, int pid);
void heartbeat_trace_beat(unsigned long long beat, unsigned long long latency_ns,
			  unsigned long long missed);
void heartbeat_trace_park(const char *name, int pid, bool parked);
void heartbeat_trace_stop(unsigned long long beats, unsigned long long missed);

#ifdef __cplusplus
}
#endif

#endif
