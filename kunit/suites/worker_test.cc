// SPDX-License-Identifier: GPL-2.0
//
// The worker itself, and items of many threads at once.
#include "worker_fixture.hpp"

#include "kthread/jthread_group.hpp"

using kthread::jthread_group;

namespace
{
template <class T>
concept copyable = requires(const T &t)
{
	T(t);
};
static_assert(!copyable<worker> && std::is_move_constructible_v<worker>);
static_assert(!std::is_move_constructible_v<work<void (*)()>>);
static_assert(!std::is_constructible_v<work_item>);
} // namespace

void worker_runs_items_in_order(kunit *test)
{
	log order;
	auto w = run(test);
	work<entry> items[] = {{w, {order, 0}}, {w, {order, 1}}, {w, {order, 2}}, {w, {order, 3}}};
	{
		busy first(test, w);

		for (auto &item : items)
			KUNIT_EXPECT_TRUE(test, item.queue());
		KUNIT_EXPECT_EQ(test, order.size, 0);
	}
	KUNIT_EXPECT_TRUE(test, w.flush().has_value());
	const int expected[] = {0, 1, 2, 3};
	KUNIT_EXPECT_TRUE(test, order.is(expected));
}

void worker_runs_items_in_its_thread(kunit *test)
{
	std::atomic<int> pid{0};
	auto w = run(test);
	work job(w, [&] { pid = bridge_task_pid(bridge_current()); });

	KUNIT_EXPECT_TRUE(test, kunit_bridge_has_comm(w.pid(), "kunit"));
	job.queue();
	expect_soon(test, [&] { return pid == w.pid(); });
}

void worker_sleeps_in_between(kunit *test)
{
	std::atomic<int> runs{0};
	auto w = run(test);
	work job(w, [&] { ++runs; });

	for (int i = 1; i <= 20; ++i) {
		expect_soon(test, [&] { return kunit_bridge_state(w.pid()) == 'I'; });
		KUNIT_EXPECT_TRUE(test, job.queue());
		expect_soon(test, [&] { return runs == i; });
	}
}

void worker_flush_waits_for_all_that_was_queued(kunit *test)
{
	std::atomic<int> runs{0};
	auto w = run(test);
	auto slow = [&] {
		kunit_bridge_sleep_ms(10);
		++runs;
	};
	work first(w, slow);
	work second(w, slow);

	for (int i = 1; i <= 10; ++i) {
		first.queue();
		second.queue();
		KUNIT_EXPECT_TRUE(test, w.flush().has_value());
		KUNIT_EXPECT_EQ(test, runs.load(), 2 * i);
	}
}

void worker_flush_does_not_wait_for_what_comes_later(kunit *test)
{
	std::atomic<int> runs{0};
	auto w = run(test);
	work again(w, [&](work_item &self) {
		++runs;
		self.queue();
	});

	again.queue();
	expect_at_once(test, [&] { (void)w.flush(); });
	expect_at_once(test, [&] { (void)again.flush(); });
	KUNIT_EXPECT_TRUE(test, runs > 0);
}

void worker_flush_of_an_idle_worker_returns(kunit *test)
{
	auto w = run(test);
	auto unstarted = expect(test, worker::create("kunit"));

	KUNIT_EXPECT_TRUE(test, w.flush().has_value());
	KUNIT_EXPECT_TRUE(test, unstarted.flush().has_value());
}

void worker_flush_from_an_item_is_edeadlk(kunit *test)
{
	std::atomic<int> worker_error{0}, own_error{0}, other_error{0}, idle_error{1};
	auto w = run(test);
	work idle(w, [] {});
	work other(w, [] {});
	work job(w, [&](work_item &self) {
		other.queue();
		worker_error = kthread::to_errno(w.flush());
		own_error = kthread::to_errno(self.flush());
		other_error = kthread::to_errno(other.flush());
		idle_error = kthread::to_errno(idle.flush());
	});

	job.queue();
	KUNIT_EXPECT_TRUE(test, w.flush().has_value());
	KUNIT_EXPECT_EQ(test, worker_error.load(), errno_t::EDEADLK);
	KUNIT_EXPECT_EQ(test, own_error.load(), errno_t::EDEADLK);
	KUNIT_EXPECT_EQ(test, other_error.load(), errno_t::EDEADLK);
	KUNIT_EXPECT_EQ(test, idle_error.load(), 0);
}

void worker_empty_queues_nothing(kunit *test)
{
	worker empty;
	work job(empty, [] {});
	delayed_work delayed(empty, [] {});

	KUNIT_EXPECT_FALSE(test, empty.joinable());
	KUNIT_EXPECT_EQ(test, kthread::to_errno(empty.flush()), errno_t::ESRCH);
	KUNIT_EXPECT_FALSE(test, job.queue());
	KUNIT_EXPECT_TRUE(test, job.flush().has_value());
	KUNIT_EXPECT_FALSE(test, job.cancel());
	KUNIT_EXPECT_FALSE(test, delayed.queue_after(0s));
	KUNIT_EXPECT_FALSE(test, delayed.mod(1s));
}

void worker_moves(kunit *test)
{
	std::atomic<int> runs{0};
	auto first = run(test);
	auto second = run(test);
	work on_first(first, [&] { ++runs; });
	work on_second(second, [&] { ++runs; });
	const int pid = second.pid();

	KUNIT_EXPECT_TRUE(test, on_first.queue());
	first = std::move(second);
	KUNIT_EXPECT_EQ(test, runs.load(), 1);
	KUNIT_EXPECT_EQ(test, first.pid(), pid);
	KUNIT_EXPECT_FALSE(test, second.joinable());
	KUNIT_EXPECT_FALSE(test, on_first.queue());
	KUNIT_EXPECT_TRUE(test, on_second.queue());
	KUNIT_EXPECT_TRUE(test, first.flush().has_value());
	KUNIT_EXPECT_EQ(test, runs.load(), 2);
}

void worker_created_is_started_by_an_item(kunit *test)
{
	std::atomic<int> runs{0};
	auto w = expect(test, worker::create("kunit"));
	work job(w, [&] { ++runs; });

	KUNIT_EXPECT_TRUE(test, w.bind(0u).has_value());
	kunit_bridge_sleep_ms(20);
	KUNIT_EXPECT_TRUE(test, w.progress() == kthread::thread_progress::created);
	KUNIT_EXPECT_TRUE(test, job.queue());
	expect_soon(test, [&] { return runs == 1; });
	KUNIT_EXPECT_EQ(test, kthread::to_errno(w.bind(0u)), errno_t::EBUSY);
}

void worker_create_by_a_killed_caller_is_eintr(kunit *test)
{
	int error = 0;

	// On another processor the thread may be there before its creator comes to wait for it.
	for (int i = 0; !error && i < 100; ++i) {
		kunit_bridge_kill_current();
		auto made = worker::create("kunit");
		kunit_bridge_revive_current();
		error = kthread::to_errno(made);
	}
	KUNIT_EXPECT_EQ(test, error, errno_t::EINTR);
}

void worker_freezable_runs_items(kunit *test)
{
	std::atomic<int> runs{0};
	auto w = expect(test, worker::run("kunit", {.freezable = true}));
	work job(w, [&] { ++runs; });

	job.queue();
	KUNIT_EXPECT_TRUE(test, w.flush().has_value());
	KUNIT_EXPECT_EQ(test, runs.load(), 1);
}

void worker_destructor_runs_what_is_pending(kunit *test)
{
	// Each bit is a way the worker may be in.
	for (unsigned int way = 0; way < 8; ++way) {
		std::atomic<int> runs{0};
		std::atomic<bool> queued_again{true};
		auto w = expect(test, worker::create("kunit"));
		work probe(w, [] {});
		// Until the worker takes no more.
		work slow(w, [&] {
			do {
				probe.cancel();
				kunit_bridge_sleep_ms(1);
			} while (probe.queue());
			++runs;
		});
		work again(w, [&](work_item &self) {
			++runs;
			if (runs > 1)
				queued_again = self.queue();
		});

		if (way & 1)
			w.wake();
		if (way & 2)
			KUNIT_EXPECT_TRUE(test, w.park().has_value());
		KUNIT_EXPECT_TRUE(test, slow.queue());
		KUNIT_EXPECT_TRUE(test, again.queue());
		if (way & 4)
			kunit_bridge_sleep_ms(2);
		w = worker();
		KUNIT_EXPECT_EQ(test, runs.load(), 2);
		KUNIT_EXPECT_FALSE(test, queued_again.load());
		KUNIT_EXPECT_FALSE(test, slow.queue());
	}
}

void worker_parks_between_items(kunit *test)
{
	std::atomic<int> runs{0};
	auto w = run(test);
	work job(w, [&] { ++runs; });
	work again(w, [&](work_item &self) {
		++runs;
		self.queue();
	});

	// Also when it is never out of work.
	again.queue();
	expect_soon(test, [&] { return runs > 2; });
	KUNIT_EXPECT_TRUE(test, w.park().has_value());
	const int parked_at = runs;
	job.queue();
	kunit_bridge_sleep_ms(20);
	KUNIT_EXPECT_EQ(test, runs.load(), parked_at);
	expect_at_once(test, [&] { KUNIT_EXPECT_TRUE(test, again.cancel()); });

	KUNIT_EXPECT_TRUE(test, w.unpark().has_value());
	KUNIT_EXPECT_TRUE(test, w.flush().has_value());
	KUNIT_EXPECT_EQ(test, runs.load(), parked_at + 1);
}

void worker_parks_after_the_end_of_an_item_is_known(kunit *test)
{
	for (int i = 0; i < 10; ++i) {
		auto w = run(test);
		busy job(test, w);
		std::atomic<bool> flushed{false};
		auto parker = jthread::run("parker",
					   [&](stop_token) { return kthread::to_errno(w.park()); });
		auto flusher = jthread::run("flusher", [&](stop_token) {
			(void)job.item.flush();
			flushed = true;
			return 0;
		});

		kunit_bridge_sleep_ms(10);
		KUNIT_EXPECT_FALSE(test, flushed.load());
		job.open();
		KUNIT_EXPECT_EQ(test, parker->join().value_or(-1), 0);
		expect_soon(test, [&] { return flushed.load(); });
		(void)w.unpark();
	}
}

void worker_counts_items_of_many_producers(kunit *test)
{
	constexpr int producers = 4, rounds = 2000, items = 16;
	static std::atomic<long> runs, queued;
	struct count {
		void operator()() { runs.fetch_add(1, std::memory_order_relaxed); }
	};
	runs = queued = 0;
	{
		auto w = run(test);
		auto group = jthread_group::create(
			"producer", producers, [&](stop_token stop, unsigned int) {
				work<count> own[items] = {{w, {}}, {w, {}}, {w, {}}, {w, {}},
							  {w, {}}, {w, {}}, {w, {}}, {w, {}},
							  {w, {}}, {w, {}}, {w, {}}, {w, {}},
							  {w, {}}, {w, {}}, {w, {}}, {w, {}}};
				for (int i = 0; i < rounds; ++i) {
					queued.fetch_add(own[i % items].queue());
					if (i % 64 == 0)
						stop.yield();
				}
				for (auto &item : own)
					(void)item.flush();
				return 0;
			});
		KUNIT_EXPECT_TRUE(test, group.has_value());
		if (group) {
			group->wake();
			for (auto &thread : *group)
				(void)thread.join();
		}
	}
	KUNIT_EXPECT_EQ(test, runs.load(), queued.load());
	KUNIT_EXPECT_TRUE(test, queued >= producers * items);
}

// Threads queue and cancel the same items at once. Each queueing has ended in one run or one cancelling.
void worker_counts_items_queued_and_cancelled_at_once(kunit *test)
{
	constexpr int threads = 4;
	const int rounds = repeats(300);
	std::atomic<long> runs{0}, queued{0}, cancelled{0};
	std::atomic<bool> inside{false}, overlapped{false};
	{
		auto w = run(test);
		auto body = [&] {
			overlapped = overlapped || inside.exchange(true);
			++runs;
			inside = false;
		};
		work plain(w, body);
		delayed_work delayed(w, body);
		work other(w, body);
		auto group = jthread_group::create(
			"mixer", threads, [&](stop_token stop, unsigned int index) {
				for (int i = 0; i < rounds || (!cancelled && i < 100000); ++i) {
					queued.fetch_add(plain.queue());
					queued.fetch_add(delayed.queue_after(
						std::chrono::microseconds(i % 40)));
					queued.fetch_add(other.queue());
					switch ((static_cast<unsigned int>(i) + index) % 16) {
					case 3:
						cancelled.fetch_add(plain.cancel());
						break;
					case 7:
						cancelled.fetch_add(delayed.cancel());
						break;
					case 9:
						(void)other.flush();
						break;
					case 11:
						(void)delayed.flush();
						break;
					case 15:
						(void)w.flush();
						break;
					}
					if (i % 16 == 0)
						stop.yield();
				}
				return 0;
			});
		KUNIT_EXPECT_TRUE(test, group.has_value());
		if (group) {
			group->wake();
			for (auto &thread : *group)
				(void)thread.join();
		}
		(void)delayed.flush();
		// Nobody would count items that are still pending when their destructors cancel them.
		expect(test, w.flush());
	}
	KUNIT_EXPECT_FALSE(test, overlapped.load());
	KUNIT_EXPECT_EQ(test, queued.load(), runs + cancelled);
	KUNIT_EXPECT_TRUE(test, cancelled > 0);
}
