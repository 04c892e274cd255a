// SPDX-License-Identifier: GPL-2.0
//
// Waits that the kernel's checkers have to report, and some that look like them and are right.
#include "faults.h"

#include "kthread/jthread_group.hpp"
#include "kthread/this_thread.hpp"
#include "kthread/worker.hpp"

using namespace std::chrono_literals;
using kthread::jthread;
using kthread::stop_token;

namespace
{
std::atomic<bool> has_been_taken{false};

int takes_the_mutex(stop_token stop)
{
	planted_lock();
	planted_unlock();
	has_been_taken = true;
	(void)stop.wait([] { return false; });
	return 0;
}

void item_takes_the_mutex()
{
	planted_lock();
	planted_unlock();
	has_been_taken = true;
}

// The mutex is free again when somebody waits with it: no real deadlock, but it could have been one.
template <class Wait>
void wait_with_the_mutex(Wait wait)
{
	while (!has_been_taken)
		kthread::this_thread::sleep_for(10ms);
	planted_lock();
	wait();
	planted_unlock();
}

template <class Wait>
void wait_for_a_thread_with_the_mutex(Wait wait)
{
	auto thread = jthread::run("thread", takes_the_mutex);

	if (thread)
		wait_with_the_mutex([&] { wait(*thread); });
}

template <class Wait>
void wait_for_an_item_with_the_mutex(Wait wait)
{
	auto worker = kthread::worker::run("worker");

	if (!worker)
		return;
	kthread::work item(*worker, item_takes_the_mutex);

	item.queue();
	wait_with_the_mutex([&] { wait(item, *worker); });
}
} // namespace

void fault_stop_with_its_mutex()
{
	wait_for_a_thread_with_the_mutex([](jthread &thread) { (void)thread.stop(); });
}

void fault_join_with_its_mutex()
{
	wait_for_a_thread_with_the_mutex([](jthread &thread) {
		thread.request_stop();
		(void)thread.join();
	});
}

void fault_park_with_its_mutex()
{
	wait_for_a_thread_with_the_mutex([](jthread &thread) { (void)thread.park(); });
}

void fault_flush_with_its_mutex()
{
	wait_for_an_item_with_the_mutex([](auto &item, auto &) { (void)item.flush(); });
}

void fault_cancel_with_its_mutex()
{
	wait_for_an_item_with_the_mutex([](auto &item, auto &) { item.cancel(); });
}

void fault_flush_the_worker_with_its_mutex()
{
	wait_for_an_item_with_the_mutex([](auto &, auto &worker) { (void)worker.flush(); });
}

// None of them would sleep: there is nothing to wait for.
void fault_may_sleep_in_atomic()
{
	auto worker = kthread::worker::run("worker");
	auto thread = jthread::run("thread", [](stop_token) { return 0; });
	auto unstarted = jthread::create("unstarted", [](stop_token) { return 0; });
	auto group = kthread::jthread_group::create("group", 1,
						    [](stop_token, unsigned int) { return 0; });

	if (!worker || !thread || !unstarted || !group)
		return;
	kthread::work item(*worker, [] {});
	kthread::delayed_work later(*worker, [] {});
	const auto in_atomic = [](const char *name, auto call) {
		planted_say(name);
		planted_spin_lock();
		call();
		planted_spin_unlock();
		planted_doze();
	};

	(void)thread->stop();
	group->stop();
	in_atomic("item.flush", [&] { (void)item.flush(); });
	in_atomic("item.cancel", [&] { item.cancel(); });
	in_atomic("later.flush", [&] { (void)later.flush(); });
	in_atomic("later.cancel", [&] { later.cancel(); });
	in_atomic("~work", [&] { kthread::work dying(*worker, [] {}); });
	in_atomic("worker.flush", [&] { (void)worker->flush(); });
	in_atomic("worker.unpark", [&] { (void)worker->unpark(); });
	in_atomic("thread.join", [&] { (void)thread->join(); });
	in_atomic("thread.stop", [&] { (void)thread->stop(); });
	in_atomic("thread.park", [&] { (void)thread->park(); });
	in_atomic("thread.unpark", [&] { (void)thread->unpark(); });
	in_atomic("thread.bind", [&] { (void)thread->bind(0); });
	in_atomic("thread.bind_list", [&] { (void)thread->bind_list("0"); });
	in_atomic("unstarted.bind_list", [&] { (void)unstarted->bind_list("nonsense"); });
	in_atomic("thread.set_nice", [&] { (void)thread->set_nice(0); });
	in_atomic("thread.set_fifo", [&] { (void)thread->set_fifo(); });
	in_atomic("group.stop", [&] { group->stop(); });
	in_atomic("this_thread::sleep_for", [] { kthread::this_thread::sleep_for(0ns); });
	in_atomic("this_thread::yield", [] { kthread::this_thread::yield(); });
	in_atomic("empty.join", [] { (void)jthread().join(); });
	in_atomic("empty.stop", [] { (void)jthread().stop(); });
	in_atomic("empty.park", [] { (void)jthread().park(); });
	in_atomic("empty.flush", [] { (void)kthread::worker().flush(); });
	in_atomic("jthread::create", [] {
		(void)jthread::create(
			"none", [](stop_token) { return 0; }, -2);
	});
	in_atomic("~jthread", [&] { *thread = {}; });
}

// Longer than the hung-task detector waits, and not for ever: the guest has to go on.
void fault_hung()
{
	constexpr auto long_time = 15s;
	auto worker = kthread::worker::run("worker");
	auto waited_for = jthread::run("waited_for", [&](stop_token) {
		kthread::this_thread::sleep_for(long_time);
		return 0;
	});

	if (!worker || !waited_for)
		return;
	kthread::work item(*worker, [&] { kthread::this_thread::sleep_for(long_time); });
	item.queue();
	while (item.queue())
		kthread::this_thread::sleep_for(10ms);

	auto joins = jthread::run("joins", [&](stop_token) {
		(void)waited_for->join();
		return 0;
	});
	auto stops = jthread::run("stops", [&](stop_token) {
		(void)waited_for->stop();
		return 0;
	});
	auto flushes = jthread::run("flushes", [&](stop_token) {
		(void)item.flush();
		return 0;
	});
	auto flushes_all = jthread::run("flushes_all", [&](stop_token) {
		(void)worker->flush();
		return 0;
	});
	auto cancels = jthread::run("cancels", [&](stop_token) {
		kthread::this_thread::sleep_for(100ms);
		item.cancel();
		return 0;
	});
	if (!joins || !stops || !flushes || !flushes_all || !cancels)
		return;
	jthread *const owners[] = {&*joins, &*stops, &*flushes, &*flushes_all, &*cancels};
	for (jthread *thread : owners)
		(void)thread->join();
}

namespace
{
// Each thread waits for the next one, which the same line has made.
int make_and_join(unsigned int depth)
{
	auto thread = jthread::run(
		"nested", [depth](stop_token) { return depth ? make_and_join(depth - 1) : 0; });

	return thread ? thread->join().value_or(1) : 1;
}
} // namespace

// No report, though each of these looks like one of the faults.
void fault_none()
{
	auto worker = kthread::worker::run("worker");

	if (!worker)
		return;
	{
		struct pair {
			kthread::work_item *one = nullptr, *other = nullptr;
		} items;
		kthread::work one(*worker, [&items] { items.other->cancel(); });
		kthread::work other(*worker, [&items] { items.one->cancel(); });

		items = {&one, &other};
		for (int i = 0; i < 20; ++i) {
			one.queue();
			other.queue();
			(void)worker->flush();
		}
	}
	make_and_join(4);
	{
		// An item that takes the mutex, and a thread that does, and nobody waits with it.
		kthread::work item(*worker, item_takes_the_mutex);
		auto thread = jthread::run("thread", takes_the_mutex);

		item.queue();
		(void)item.flush();
		while (!has_been_taken)
			kthread::this_thread::sleep_for(10ms);
		planted_lock();
		planted_unlock();
		if (thread)
			(void)thread->stop();
	}
	{
		// With a mutex of the caller that no body takes.
		auto thread = jthread::run("thread", [](stop_token stop) {
			(void)stop.wait([] { return false; });
			return 0;
		});

		planted_lock();
		if (thread)
			(void)thread->stop();
		planted_unlock();
	}
}
