/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints for the tasks of a module, in /sys/kernel/tracing/events/hello, by a C file that has
 * nothing else:
 *
 *	#define TASK_TRACE_SYSTEM hello
 *	#include "bridge/task_trace.h"
 *
 * The library looks at a pointer at each step of a task, which is null as long as no event is
 * enabled.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM TASK_TRACE_SYSTEM

#if !defined(KTHREADXX_BRIDGE_TASK_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#ifndef KTHREADXX_BRIDGE_TASK_TRACE_H
#define KTHREADXX_BRIDGE_TASK_TRACE_H

#include <linux/stringify.h>
#include <linux/tracepoint.h>

#include "task_tracer.h"

/* A kernel without tracepoints calls neither. */
static int __maybe_unused begin_to_trace_tasks(void);
static void __maybe_unused end_to_trace_tasks(void);

#define CREATE_TRACE_POINTS
#endif

/* clang-format off */
DECLARE_EVENT_CLASS(task_step,
		    TP_PROTO(const void *task, const void *coroutine),
		    TP_ARGS(task, coroutine),
		    TP_STRUCT__entry(__field(const void *, task)
				     __field(const void *, coroutine)),
		    TP_fast_assign(__entry->task = task;
				   __entry->coroutine = coroutine;),
		    TP_printk("task=%p coroutine=%ps", __entry->task, __entry->coroutine));

/* Somebody spawns a task. */
DEFINE_EVENT_FN(task_step, task_spawn,
		TP_PROTO(const void *task, const void *coroutine),
		TP_ARGS(task, coroutine),
		begin_to_trace_tasks, end_to_trace_tasks);

/* The executor lets it run. */
DEFINE_EVENT_FN(task_step, task_run,
		TP_PROTO(const void *task, const void *coroutine),
		TP_ARGS(task, coroutine),
		begin_to_trace_tasks, end_to_trace_tasks);

/* It runs no more, until what it waits for has come: then it runs again. */
TRACE_EVENT_FN(task_wait,
	       TP_PROTO(const void *task, const void *coroutine, unsigned int state,
			const void *what, s64 due),
	       TP_ARGS(task, coroutine, state, what, due),
	       TP_STRUCT__entry(__field(const void *, task)
				__field(const void *, coroutine)
				__field(unsigned int, state)
				__field(const void *, what)
				__field(s64, due)),
	       TP_fast_assign(__entry->task = task;
			      __entry->coroutine = coroutine;
			      __entry->state = state;
			      __entry->what = what;
			      __entry->due = due;),
	       TP_printk("task=%p coroutine=%ps state=%s what=%p due=%lld", __entry->task,
			 __entry->coroutine,
			 __print_symbolic(__entry->state, {0, "ready"}, {1, "sleeps"}, {2, "event"},
					  {3, "tasks"}),
			 __entry->what, __entry->due),
	       begin_to_trace_tasks, end_to_trace_tasks);

/* It ends, or is stopped before it has begun, or the executor is gone that it was spawned on. */
DEFINE_EVENT_FN(task_step, task_end,
		TP_PROTO(const void *task, const void *coroutine),
		TP_ARGS(task, coroutine),
		begin_to_trace_tasks, end_to_trace_tasks);
/* clang-format on */

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH bridge
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE task_trace
#include <trace/define_trace.h>

#ifndef TRACE_HEADER_MULTI_READ
static const struct bridge_task_tracer traced_tasks = {
	.name = __stringify(TASK_TRACE_SYSTEM),
	.spawn = trace_task_spawn,
	.run = trace_task_run,
	.wait = trace_task_wait,
	.end = trace_task_end,
};

/* How many of the events are enabled. The kernel calls both functions one at a time. */
static unsigned int traced_events;

static int begin_to_trace_tasks(void)
{
	traced_events++;
	WRITE_ONCE(kthread_task_tracer, &traced_tasks);
	return 0;
}

static void end_to_trace_tasks(void)
{
	if (!--traced_events)
		WRITE_ONCE(kthread_task_tracer, NULL);
}
#endif
