/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The tracepoints, in /sys/kernel/tracing/events/kthreadxx. Read again and again by
 * <trace/define_trace.h>.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM kthreadxx

#if !defined(KTHREADXX_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define KTHREADXX_TRACE_H

#include <linux/string.h>
#include <linux/tracepoint.h>

/* clang-format off */
DECLARE_EVENT_CLASS(kthreadxx_thread,
		    TP_PROTO(const char *name, int pid),
		    TP_ARGS(name, pid),
		    TP_STRUCT__entry(__array(char, name, 32)
				     __field(int, pid)),
		    TP_fast_assign(strscpy(__entry->name, name, sizeof(__entry->name));
				   __entry->pid = pid;),
		    TP_printk("name=%s pid=%d", __entry->name, __entry->pid));

/* The thread begins to beat. */
DEFINE_EVENT(kthreadxx_thread, kthreadxx_start,
	     TP_PROTO(const char *name, int pid),
	     TP_ARGS(name, pid));

/* The module has parked a thread, or has unparked it. */
DEFINE_EVENT(kthreadxx_thread, kthreadxx_park,
	     TP_PROTO(const char *name, int pid),
	     TP_ARGS(name, pid));
DEFINE_EVENT(kthreadxx_thread, kthreadxx_unpark,
	     TP_PROTO(const char *name, int pid),
	     TP_ARGS(name, pid));

DECLARE_EVENT_CLASS(kthreadxx_latency,
		    TP_PROTO(u64 beat, u64 latency_ns, u64 missed),
		    TP_ARGS(beat, latency_ns, missed),
		    TP_STRUCT__entry(__field(u64, beat)
				     __field(u64, latency_ns)
				     __field(u64, missed)),
		    TP_fast_assign(__entry->beat = beat;
				   __entry->latency_ns = latency_ns;
				   __entry->missed = missed;),
		    TP_printk("beat=%llu latency_ns=%llu missed=%llu", __entry->beat,
			      __entry->latency_ns, __entry->missed));

/* The thread beats: which beat this is, and how long after it was due. */
DEFINE_EVENT(kthreadxx_latency, kthreadxx_beat,
	     TP_PROTO(u64 beat, u64 latency_ns, u64 missed),
	     TP_ARGS(beat, latency_ns, missed));

/* The same for a beat that was later than all before it, and not earlier than breaktrace allows. */
DEFINE_EVENT(kthreadxx_latency, kthreadxx_max,
	     TP_PROTO(u64 beat, u64 latency_ns, u64 missed),
	     TP_ARGS(beat, latency_ns, missed));

/* The thread ends. */
TRACE_EVENT(kthreadxx_stop,
	    TP_PROTO(u64 beats, u64 missed),
	    TP_ARGS(beats, missed),
	    TP_STRUCT__entry(__field(u64, beats)
			     __field(u64, missed)),
	    TP_fast_assign(__entry->beats = beats;
			   __entry->missed = missed;),
	    TP_printk("beats=%llu missed=%llu", __entry->beats, __entry->missed));
/* clang-format on */

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH main
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
