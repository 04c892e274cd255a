// SPDX-License-Identifier: GPL-2.0
#include "bench.h"

#include "kthread/jthread.hpp"

unsigned long long cxx_wait(unsigned int n)
{
	unsigned long long took = 0;
	std::atomic<int> turn{0};
	kthread::static_jthread<> threads[2];

	const auto pass_turn = [&](int to) {
		turn.store(to, std::memory_order_release);
		threads[to].wake();
	};
	const auto wait_for_turn = [&](const kthread::stop_token &stop, int mine) {
		return stop.wait([&] { return turn.load(std::memory_order_acquire) == mine; });
	};
	const auto answer = [&](kthread::stop_token stop) {
		while (wait_for_turn(stop, 1))
			pass_turn(0);
		return 0;
	};
	const auto ask = [&](kthread::stop_token stop) {
		const auto begin = bench_clock();
		unsigned int left = n;

		do
			pass_turn(1);
		while (wait_for_turn(stop, 0) && --left);
		took = bench_clock() - begin;
		bench_reach();
		return 0;
	};

	if (threads[0].create("bench", ask) && threads[1].create("bench", answer) &&
	    threads[0].bind(bench_cpu(0)) && threads[1].bind(bench_cpu(1)) &&
	    threads[0].set_fifo() && threads[1].set_fifo()) {
		threads[1].wake();
		bench_settle();
		threads[0].wake();
		bench_await(1);
	}
	threads[1].reset();
	threads[0].reset();
	return took;
}
