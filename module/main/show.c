// SPDX-License-Identifier: GPL-2.0
#include "show.h"

#include <linux/compiler.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/time64.h>

#include "heartbeat.h"

static u64 count(const struct heartbeat_status *status, unsigned int bucket)
{
	return status->latency ? READ_ONCE(status->latency[bucket]) : 0;
}

/* The microseconds that so many of 1000 beats took at most: the last ones of their bucket. */
static void show_percentile(struct seq_file *file, const struct heartbeat_status *status, u64 beats,
			    unsigned int permille)
{
	u64 sum = 0, end;
	unsigned int i;

	for (i = 0; i < HEARTBEAT_BUCKETS; i++) {
		sum += count(status, i);
		if (sum * 1000 >= beats * permille)
			break;
	}
	/* The last bucket has no end. */
	end = status->max_ns / NSEC_PER_USEC;
	if (i + 1 < HEARTBEAT_BUCKETS)
		end = min(end, heartbeat_bucket_from(i + 1) - 1);
	seq_printf(file, " %7llu", end);
}

static void show_thread(const struct heartbeat_status *status, void *data)
{
	u64 beats = 0;
	unsigned int i;

	/* It is called again with a larger buffer then. */
	if (seq_has_overflowed(data))
		return;
	seq_printf(data, "%-15s %7d %3u %5c %10llu %8llu", status->name, status->pid, status->cpu,
		   status->state, status->beats, status->missed);
	if (!status->beats) {
		seq_puts(data, "       -       -       -       -       -       -\n");
		return;
	}
	seq_printf(data, " %7llu %7llu %7llu", status->min_ns / NSEC_PER_USEC,
		   status->mean_ns / NSEC_PER_USEC, status->max_ns / NSEC_PER_USEC);
	for (i = 0; i < HEARTBEAT_BUCKETS; i++)
		beats += count(status, i);
	show_percentile(data, status, beats, 500);
	show_percentile(data, status, beats, 990);
	show_percentile(data, status, beats, 999);
	seq_putc(data, '\n');
}

int show_threads(struct seq_file *file)
{
	seq_printf(file, "%-15s %7s %3s %5s %10s %8s %7s %7s %7s %7s %7s %7s\n", "NAME", "PID",
		   "CPU", "STATE", "BEATS", "MISSED", "MIN_US", "MEAN_US", "MAX_US", "P50_US",
		   "P99_US", "P999_US");
	heartbeat_for_each(show_thread, file);
	return 0;
}

struct histogram {
	struct seq_file *file;
	int bucket;
	u64 sum;
};

static void show_name(const struct heartbeat_status *status, void *data)
{
	seq_printf(data, " %10s", status->name);
}

static void add_bucket(const struct heartbeat_status *status, void *data)
{
	struct histogram *histogram = data;

	histogram->sum += count(status, histogram->bucket);
}

static void show_bucket(const struct heartbeat_status *status, void *data)
{
	const struct histogram *histogram = data;

	seq_printf(histogram->file, " %*llu", max_t(int, strlen(status->name), 10),
		   count(status, histogram->bucket));
}

int show_histogram(struct seq_file *file)
{
	struct histogram histogram = {.file = file};

	seq_printf(file, "%10s %10s", "FROM_US", "ALL");
	heartbeat_for_each(show_name, file);
	for (; histogram.bucket < HEARTBEAT_BUCKETS && !seq_has_overflowed(file);
	     histogram.bucket++) {
		histogram.sum = 0;
		heartbeat_for_each(add_bucket, &histogram);
		seq_printf(file, "\n%10llu %10llu", heartbeat_bucket_from(histogram.bucket),
			   histogram.sum);
		heartbeat_for_each(show_bucket, &histogram);
	}
	seq_putc(file, '\n');
	return 0;
}

static void count_task(const struct heartbeat_status *status, void *data)
{
	++*(size_t *)data;
}

struct kept_tasks {
	size_t length, room;
	struct heartbeat_task task[];
};

static void keep_task(const struct heartbeat_task *task, void *data)
{
	struct kept_tasks *kept = data;

	if (kept->length < kept->room)
		kept->task[kept->length++] = *task;
}

static void show_task(struct seq_file *file, const struct heartbeat_task *task, s64 now)
{
	seq_printf(file, "%p %-15s %-6s ", task->task, task->thread, task->state);
	if (task->deadline)
		seq_printf(file, "%10lld ", (task->deadline - now) / NSEC_PER_USEC);
	else
		seq_printf(file, "%10s ", "-");
	if (task->what)
		seq_printf(file, "%p", task->what);
	else
		seq_printf(file, "%-*s", 2 * (int)sizeof(task->what), "-");
	seq_printf(file, " %ps", task->function);
	if (task->waiting != task->function)
		seq_printf(file, " %ps", task->waiting);
	seq_putc(file, '\n');
}

int show_tasks(struct seq_file *file)
{
	struct kept_tasks *kept;
	s64 now = ktime_get();
	size_t tasks = 0, i;
	int err;

	heartbeat_for_each(count_task, &tasks);
	/* A name takes long to find, and the tasks would be late for it. */
	kept = kvmalloc(struct_size(kept, task, tasks), GFP_KERNEL | __GFP_NOWARN);
	if (!kept)
		return -ENOMEM;
	kept->length = 0;
	kept->room = tasks;
	err = heartbeat_each_task(keep_task, kept);
	seq_printf(file, "%-*s %-15s %-6s %10s %-*s %s\n", 2 * (int)sizeof(void *), "TASK",
		   "THREAD", "STATE", "DUE_US", 2 * (int)sizeof(void *), "WAITS_FOR", "COROUTINE");
	for (i = 0; i < kept->length && !seq_has_overflowed(file); i++) {
		show_task(file, &kept->task[i], now);
		/* There may be thousands of them. */
		cond_resched();
	}
	kvfree(kept);
	return err;
}
