// SPDX-License-Identifier: GPL-2.0
#include "bench.h"

#include "kthread/channel.hpp"
#include "kthread/completion.hpp"
#include "kthread/condition_variable.hpp"
#include "kthread/jthread.hpp"
#include "kthread/semaphore.hpp"

namespace
{
constinit kthread::mutex mutex{"bench mutex"_lock};
constinit kthread::spinlock spinlock{"bench spinlock"_lock};
constinit kthread::completion completion{"bench completion"_lock};
constinit kthread::counting_semaphore<> semaphore{1, "bench semaphore"_lock};
constinit kthread::channel<int, 16> channel{"bench channel"_lock};
constinit kthread::condition_variable changed{"bench condition"_lock};

void barrier()
{
	asm volatile("" ::: "memory");
}
} // namespace

unsigned long long cxx_mutex(unsigned int n)
{
	const auto begin = bench_clock();

	while (n--) {
		const std::lock_guard held(mutex);

		barrier();
	}
	return bench_clock() - begin;
}

unsigned long long cxx_spinlock(unsigned int n)
{
	const auto begin = bench_clock();

	while (n--) {
		const std::lock_guard held(spinlock);

		barrier();
	}
	return bench_clock() - begin;
}

unsigned long long cxx_irqsave(unsigned int n)
{
	const auto begin = bench_clock();

	while (n--) {
		const kthread::irqsave_guard held(spinlock);

		barrier();
	}
	return bench_clock() - begin;
}

unsigned long long cxx_completion(unsigned int n)
{
	const auto begin = bench_clock();

	while (n--) {
		completion.complete();
		completion.wait();
	}
	return bench_clock() - begin;
}

unsigned long long cxx_semaphore(unsigned int n)
{
	const auto begin = bench_clock();

	while (n--) {
		semaphore.acquire();
		semaphore.release();
	}
	return bench_clock() - begin;
}

unsigned long long cxx_channel(unsigned int n)
{
	const auto begin = bench_clock();

	while (n--) {
		(void)channel.push(static_cast<int>(n), kthread::idle);
		(void)channel.pop(kthread::idle);
	}
	return bench_clock() - begin;
}

unsigned long long cxx_condition(unsigned int n)
{
	unsigned long long took = 0;
	int turn = 0;
	kthread::static_jthread<> threads[2];

	const auto pass_turn = [&](int to) {
		turn = to;
		changed.notify_one();
	};
	const auto answer = [&](kthread::stop_token stop) {
		const std::lock_guard held(mutex);

		while (changed.wait(mutex, stop, [&] { return turn == 1; }))
			pass_turn(0);
		return 0;
	};
	const auto ask = [&](kthread::stop_token stop) {
		const auto begin = bench_clock();
		unsigned int left = n;
		{
			const std::lock_guard held(mutex);

			do
				pass_turn(1);
			while (changed.wait(mutex, stop, [&] { return turn == 0; }) && --left);
		}
		took = bench_clock() - begin;
		bench_reach();
		return 0;
	};

	if (threads[0].create("bench", ask) && threads[1].create("bench", answer)) {
		threads[1].wake();
		bench_settle();
		threads[0].wake();
		bench_await(1);
	}
	threads[1].reset();
	threads[0].reset();
	return took;
}
