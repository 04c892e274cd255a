/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the library tells of tasks, as they come to a step. Both C and C++ read it.
 */
#ifndef KTHREADXX_BRIDGE_TASK_TRACER_H
#define KTHREADXX_BRIDGE_TASK_TRACER_H

#ifdef __cplusplus
extern "C" {
#endif

/*
 * From any context. A task is told apart by its address; %ps prints the name of a coroutine.
 *
 * RANDSTRUCT, of which C++ knows nothing, shuffles a struct of functions alone. The name keeps it
 * away.
 */
struct bridge_task_tracer {
	const char *name;
	void (*spawn)(const void *task, const void *coroutine);
	void (*run)(const void *task, const void *coroutine);
	/*
	 * @coroutine: the one that waits, which may be a child
	 * @state: 0 it is ready again, 1 sleeps, 2 waits for an event, 3 for other tasks
	 * @what: the event, or the group of tasks, or NULL
	 * @due: the deadline by ktime_get(), or 0
	 */
	void (*wait)(const void *task, const void *coroutine, unsigned int state, const void *what,
		     long long due);
	void (*end)(const void *task, const void *coroutine);
};

/* The one of this module, or NULL. The library looks at it at each step. */
extern const struct bridge_task_tracer *kthread_task_tracer;

#ifdef __cplusplus
}
#endif

#endif
