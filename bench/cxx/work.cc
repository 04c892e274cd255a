// SPDX-License-Identifier: GPL-2.0
#include "bench.h"

#include "kthread/worker.hpp"

unsigned long long cxx_work_latency(unsigned int n)
{
	auto worker = kthread::worker::run("bench");
	unsigned long long posted, took = 0;

	if (!worker)
		return 0;
	kthread::work item(*worker, [&] {
		took += bench_clock() - posted;
		bench_reach();
	});

	while (n--) {
		bench_settle();
		posted = bench_clock();
		item.queue();
		bench_await(1);
	}
	(void)item.flush();
	return took;
}

namespace
{
unsigned int runs;

struct count {
	void operator()() const { ++runs; }
};

using item = kthread::work<count>;

item *items;

void produce(unsigned int first, unsigned int n)
{
	for (; n; --n, ++first)
		items[first].queue();
}
} // namespace

unsigned long long cxx_work_produce(unsigned int n, unsigned int producers)
{
	auto worker = kthread::worker::run("bench");
	unsigned long long begin = 0;

	if (!worker)
		return 0;
	items = static_cast<item *>(bench_memory(n * sizeof(item)));
	if (!items)
		return 0;
	for (unsigned int i = 0; i < n; ++i)
		new (&items[i]) item(*worker, count{});
	runs = 0;
	bench_settle();
	begin = bench_produce(producers, n, produce);
	(void)worker->flush();
	begin = begin && runs == n ? bench_clock() - begin : 0;
	for (unsigned int i = 0; i < n; ++i)
		std::destroy_at(&items[i]);
	bench_free(items);
	return begin;
}

unsigned long long cxx_work_bytes(unsigned int)
{
	return sizeof(item);
}
