// SPDX-License-Identifier: GPL-2.0
#include <linux/kthread.h>

#include "bench.h"

static unsigned long long posted, took;

static void note(struct kthread_work *work)
{
	took += bench_clock() - posted;
	bench_reach();
}

unsigned long long c_work_latency(unsigned int n)
{
	struct kthread_worker *worker = kthread_create_worker(0, "bench");
	DEFINE_KTHREAD_WORK(item, note);

	if (IS_ERR(worker))
		return 0;
	took = 0;
	while (n--) {
		bench_settle();
		posted = bench_clock();
		kthread_queue_work(worker, &item);
		bench_await(1);
	}
	kthread_destroy_worker(worker);
	return took;
}

static struct kthread_worker *worker;
static struct kthread_work *items;
static unsigned int runs;

static void count(struct kthread_work *work)
{
	++runs;
}

static void produce(unsigned int first, unsigned int n)
{
	for (; n; --n, ++first)
		kthread_queue_work(worker, &items[first]);
}

unsigned long long c_work_produce(unsigned int n, unsigned int producers)
{
	unsigned long long begin = 0;
	unsigned int i;

	worker = kthread_create_worker(0, "bench");
	if (IS_ERR(worker))
		return 0;
	items = bench_memory(n * sizeof(*items));
	if (items) {
		for (i = 0; i < n; ++i)
			kthread_init_work(&items[i], count);
		runs = 0;
		bench_settle();
		begin = bench_produce(producers, n, produce);
		kthread_flush_worker(worker);
		if (begin && runs == n)
			begin = bench_clock() - begin;
		else
			begin = 0;
	}
	kthread_destroy_worker(worker);
	bench_free(items);
	return begin;
}

unsigned long long c_work_bytes(unsigned int n)
{
	return sizeof(*items);
}
