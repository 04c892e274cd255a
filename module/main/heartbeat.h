/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The interface between the two halves of the module. heartbeat.cc has the threads and their
 * measurements, beat_tasks.cc the tasks, and beating.cc calls the one or the other. main.c has all
 * that takes macros of the kernel: parameters, files in debugfs, tracepoints.
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
	HEARTBEAT_TASK,   /* tasks on a thread for each of heartbeat_next_cpu() */

	HEARTBEAT_NORMAL = 0, /* sched_set_normal() */
	HEARTBEAT_FIFO,       /* sched_set_fifo() */
	HEARTBEAT_FIFO_LOW,   /* sched_set_fifo_low() */

	/*
	 * Buckets of latencies: four for each power of two of microseconds, below 4 us one for
	 * each. The last one begins at 2^22 us and has no end.
	 */
	HEARTBEAT_BUCKETS = 85,
};

static inline unsigned int heartbeat_bucket(unsigned long long latency_ns)
{
	const unsigned long long us = latency_ns / 1000;
	const unsigned int power = 63 - __builtin_clzll(us | 1);
	unsigned int bucket = us & 3;

	if (us >= 4) {
		bucket = (us >> (power - 2)) & 3;
		bucket += 4 * (power - 1);
	}
	return bucket < HEARTBEAT_BUCKETS ? bucket : HEARTBEAT_BUCKETS - 1;
}

/* heartbeat_bucket_from - the microseconds at which the bucket begins */
static inline unsigned long long heartbeat_bucket_from(unsigned int bucket)
{
	return bucket < 4 ? bucket : (4ULL + bucket % 4) << (bucket / 4 - 1);
}

/* How the threads are created. It stays in use, as more threads can be created later. */
struct heartbeat_options {
	const char *name; /* of thread i: name/i */
	const char *cpus; /* a list of those they may run on, or empty */
	bool per_cpu;     /* thread i runs on the i-th of heartbeat_next_cpu(), its i is the CPU */
	int node;         /* of their memory, or -1 */
	int policy;       /* HEARTBEAT_NORMAL, … */
	int nice;
	int priority; /* of HEARTBEAT_FIFO, or 0 for the kernel's own */
	int method;   /* HEARTBEAT_CREATE, … */
	/*
	 * Thread i beats at times that are i * phase_us after a multiple of the period. Negative:
	 * the threads beat from when they are created.
	 */
	long long phase_us;
};

/*
 * heartbeat_start - create threads, which all begin to beat when the last one exists
 * @threads: how many, not 0
 * @period_us: microseconds between two beats, not 0
 * @log: a thread logs a line after this many beats, 0 for never
 * @breaktrace: heartbeat_new_max() is called from this many microseconds on, 0 for never
 * @paused: they park instead
 *
 * Returns 0, -ENOMEM, or the errno of the first thread that could not be created, which is logged.
 * If it fails, no thread is left.
 */
int heartbeat_start(const struct heartbeat_options *options, unsigned int threads,
		    unsigned int period_us, unsigned int log, unsigned int breaktrace, bool paused);

/* heartbeat_stop - stop all threads, log what they measured, and free everything */
void heartbeat_stop(void);

/*
 * heartbeat_set_threads - create more threads, or stop the last ones, until the number is right
 *
 * Returns 0, or the errno of the first thread that could not be created, which is logged. If it
 * fails, nothing has changed.
 */
int heartbeat_set_threads(unsigned int threads);

/*
 * heartbeat_set_period, _log, _breaktrace, _paused - change what heartbeat_start() was given
 *
 * All threads take the new value at once, also those that sleep. Beats that were due while a thread
 * was parked do not count as missed. Always returns 0.
 */
int heartbeat_set_period(unsigned int period_us);
int heartbeat_set_log(unsigned int log);
int heartbeat_set_breaktrace(unsigned int breaktrace);
int heartbeat_set_paused(unsigned int paused);

/* heartbeat_reset - forget what was measured; the next beat is the first one. Always returns 0. */
int heartbeat_reset(unsigned int unused);

/*
 * heartbeat_cpu_offline, heartbeat_cpu_online - tell the threads that a CPU goes or comes
 *
 * With per_cpu the CPU's thread parks while the CPU is offline. Otherwise nothing happens.
 */
void heartbeat_cpu_offline(unsigned int cpu);
void heartbeat_cpu_online(unsigned int cpu);

/*
 * The measurements of one thread. Latency is the time from when a beat was due to when the thread
 * ran.
 */
struct heartbeat_status {
	const char *name; /* as long as show() runs */
	int pid;
	unsigned int cpu;
	char state; /* the letter that ps shows */
	unsigned long long beats;
	unsigned long long missed;
	unsigned long long min_ns, mean_ns, max_ns; /* of no beat: 0 */
	/* HEARTBEAT_BUCKETS of them, that go on counting; after a reset NULL until a beat */
	const unsigned long long *latency;
};

/*
 * heartbeat_for_each - call show(status, data) for each thread, in order
 *
 * The threads go on beating, so that one field may count a beat that another does not have yet.
 */
void heartbeat_for_each(void (*show)(const struct heartbeat_status *status, void *data),
			void *data);

/* A task, with HEARTBEAT_TASK. */
struct heartbeat_task {
	const char *thread;   /* the name of the thread that runs it */
	const void *task;     /* tells tasks apart */
	const void *function; /* the code of its coroutine, for %ps */
	const void *waiting;  /* that of the child that waits; else the same */
	const char *state;    /* ready, sleeps, event, tasks */
	const void *what;     /* the event or the group of tasks; or NULL */
	long long deadline;   /* by ktime_get(); 0 if there is none */
};

/*
 * heartbeat_each_task - call show(task, data) for each task, with HEARTBEAT_TASK
 *
 * The tasks of the thread wait while show() runs. What it gets stays as long as the threads do.
 * Returns 0 or -ENOMEM, and then has not shown all.
 */
int heartbeat_each_task(void (*show)(const struct heartbeat_task *task, void *data), void *data);

/*
 * The functions of main.c that heartbeat.cc calls.
 */

/*
 * heartbeat_next_cpu - the first CPU after this one (or after -1) that shall have a thread; -1 if
 * there is none
 */
int heartbeat_next_cpu(int cpu);

/* heartbeat_available_memory - bytes that the kernel has before it takes some from processes */
unsigned long long heartbeat_available_memory(void);

/* heartbeat_log_beat - a line in the log, unless there are too many. From any context. */
void heartbeat_log_beat(const char *name, unsigned long long beat, unsigned long long latency_ns);

/*
 * heartbeat_new_max - the trace's kthreadxx_max, and a line in the log unless there are too many,
 * for a beat that was later than all before it. From any context.
 */
void heartbeat_new_max(const char *name, unsigned long long beat, unsigned long long latency_ns,
		       unsigned long long missed);

/*
 * heartbeat_bind_again - bind the calling thread to its CPU again, or to those of cpus if @cpu is
 * negative, if the kernel has moved it elsewhere and one of them is back. May sleep.
 */
void heartbeat_bind_again(int cpu);

/* heartbeat_set_priority - SCHED_FIFO with this priority, 1 to 99, for the calling thread */
void heartbeat_set_priority(int priority);

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
