// SPDX-License-Identifier: GPL-2.0
#include <linux/workqueue.h>

#include "bench.h"

static unsigned long long posted, took;

static void note(struct work_struct *work)
{
	took += bench_clock() - posted;
	bench_reach();
}

unsigned long long wq_work_latency(unsigned int n)
{
	struct workqueue_struct *queue = alloc_ordered_workqueue("bench", 0);
	struct work_struct item;

	if (!queue)
		return 0;
	INIT_WORK_ONSTACK(&item, note);
	took = 0;
	while (n--) {
		bench_settle();
		posted = bench_clock();
		queue_work(queue, &item);
		bench_await(1);
	}
	destroy_workqueue(queue);
	destroy_work_on_stack(&item);
	return took;
}

static struct workqueue_struct *queue;
static struct work_struct *items;
static unsigned int runs;
static atomic_t parallel_runs;

static void count(struct work_struct *work)
{
	++runs;
}

static void count_in_parallel(struct work_struct *work)
{
	atomic_inc(&parallel_runs);
}

static void produce(unsigned int first, unsigned int n)
{
	for (; n; --n, ++first)
		queue_work(queue, &items[first]);
}

static unsigned long long measure(unsigned int n, unsigned int producers, work_func_t run)
{
	unsigned long long begin = 0;
	unsigned int i;

	if (!queue)
		return 0;
	items = bench_memory(n * sizeof(*items));
	if (items) {
		for (i = 0; i < n; ++i)
			INIT_WORK(&items[i], run);
		runs = 0;
		atomic_set(&parallel_runs, 0);
		bench_settle();
		begin = bench_produce(producers, n, produce);
		flush_workqueue(queue);
		if (begin && runs + atomic_read(&parallel_runs) == n)
			begin = bench_clock() - begin;
		else
			begin = 0;
	}
	destroy_workqueue(queue);
	bench_free(items);
	return begin;
}

unsigned long long wq_work_produce(unsigned int n, unsigned int producers)
{
	queue = alloc_ordered_workqueue("bench", 0);
	return measure(n, producers, count);
}

unsigned long long unbound_work_produce(unsigned int n, unsigned int producers)
{
	queue = alloc_workqueue("bench", WQ_UNBOUND, 0);
	return measure(n, producers, count_in_parallel);
}
