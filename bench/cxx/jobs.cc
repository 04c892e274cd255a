// SPDX-License-Identifier: GPL-2.0
//
// Many jobs that beat: a task each, on one thread.
#include <memory>
#include <optional>

#include "bench.h"

#include "kthread/executor.hpp"

using namespace std::chrono_literals;
using kthread::co_ticker;
using kthread::event;
using kthread::executor;
using kthread::scope;
using kthread::task;

namespace
{
unsigned int left, waiting;

void begin()
{
	if (!--waiting)
		bench_reach();
}

task<void> beat(unsigned int i)
{
	co_ticker every(std::chrono::nanoseconds(bench_period(i)), 1ms);

	begin();
	for (;;) {
		auto due = co_await every.wait();

		if (!due)
			co_return due;
		if (left && !--left)
			bench_reach();
	}
}

using storage = kthread::task_storage<208>;

template <unsigned int slack_ms>
task<void> beat_in(storage &, unsigned int i)
{
	co_ticker every(std::chrono::nanoseconds(bench_period(i)),
			std::chrono::milliseconds(slack_ms));

	begin();
	for (;;) {
		auto due = co_await every.wait();

		if (!due)
			co_return due;
		if (left && !--left)
			bench_reach();
	}
}

// An executor and a scope with so many jobs, which have all begun.
struct jobs {
	kthread::result<executor> tasks = executor::run("bench");
	std::optional<scope> all;
	bool started = false;

	template <class Make>
	jobs(unsigned int n, Make make)
	{
		if (!tasks)
			return;
		all.emplace(*tasks);
		waiting = n;
		started = all->spawn_n(n, make).has_value();
		if (started)
			bench_await(1);
	}
	explicit jobs(unsigned int n) : jobs(n, beat) {}
};

task<void> one_of_two(event &mine, event &other, unsigned int n)
{
	while (n--) {
		auto came = co_await mine.wait();

		if (!came)
			co_return came;
		other.set();
	}
	co_return {};
}

task<int> child(int n)
{
	co_return n + 1;
}
task<void> parent(unsigned int n)
{
	for (int sum = 0; n--;) {
		auto r = co_await child(sum);

		if (!r)
			co_return std::unexpected(r.error());
		sum = *r;
	}
	co_return {};
}
} // namespace

unsigned long long cxx_jobs(unsigned int n, unsigned int beats)
{
	const jobs all(n);

	if (!all.started)
		return 0;
	bench_sleep(1100000);
	bench_spin();
	left = beats;
	bench_await(1);
	return bench_taken();
}

unsigned long long cxx_jobs_exact(unsigned int n, unsigned int beats)
{
	const std::unique_ptr<storage[]> rooms(new (std::nothrow) storage[n]);
	auto tasks = executor::run_in_interrupts();

	if (!rooms || !tasks)
		return 0;
	scope all(*tasks);

	waiting = n;
	for (unsigned int i = 0; i < n; ++i) {
		if (!all.spawn(beat_in<0>(rooms[i], i)))
			return 0;
	}
	bench_await(1);
	bench_sleep(1100000);
	bench_spin();
	left = beats;
	bench_await(1);
	return bench_taken();
}

unsigned long long cxx_jobs_create(unsigned int n)
{
	bench_spin();
	const jobs all(n);
	const auto taken = bench_taken();
	return taken * all.started;
}

unsigned long long cxx_jobs_create_in_one(unsigned int n)
{
	bench_spin();
	const std::unique_ptr<storage[]> rooms(new (std::nothrow) storage[n]);
	if (!rooms)
		return 0;
	const jobs all(n, [&](unsigned int i) { return beat_in<1>(rooms[i], i); });
	const auto taken = bench_taken();
	return taken * all.started;
}

unsigned long long cxx_jobs_stop(unsigned int n)
{
	jobs all(n);

	bench_spin();
	all.all.reset();
	return bench_taken() * all.started;
}

unsigned long long cxx_jobs_bytes(unsigned int)
{
	const auto made = beat(0);

	return made ? bench_size_of(made.peek()->leaf.address()) : 0;
}

// From one task to another and back, which are two.
unsigned long long cxx_jobs_wake(unsigned int n)
{
	event one, other;
	auto tasks = executor::run("bench");

	if (!tasks)
		return 0;
	scope both(*tasks);
	const bool spawned = both.spawn(one_of_two(one, other, n / 2)) &&
			     both.spawn(one_of_two(other, one, n / 2));

	bench_settle();
	bench_spin();
	one.set();
	const bool waited = both.wait().has_value();
	return bench_taken() * (spawned && waited);
}

unsigned long long cxx_jobs_call(unsigned int n)
{
	auto tasks = executor::run("bench");

	if (!tasks)
		return 0;
	scope one(*tasks);

	bench_settle();
	bench_spin();
	const bool spawned = one.spawn(parent(n)).has_value();
	const bool waited = one.wait().has_value();
	return bench_taken() * (spawned && waited);
}
