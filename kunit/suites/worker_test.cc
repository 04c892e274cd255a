// SPDX-License-Identifier: GPL-2.0
#include "kthread/worker.hpp"

#include "fixture.hpp"
#include "kthread/jthread_group.hpp"

using kthread::delayed_work;
using kthread::delayed_work_item;
using kthread::jthread_group;
using kthread::work;
using kthread::work_item;
using kthread::worker;

namespace
{
worker run(kunit *test)
{
	return expect(test, worker::run("kunit"));
}

template <class Call>
void expect_at_once(kunit *test, Call call)
{
	const auto start = steady_clock::now();

	call();
	KUNIT_EXPECT_TRUE(test, steady_clock::now() - start < soon);
}

// An item that keeps its worker busy until it is opened, or too long.
struct gate {
	std::atomic<bool> entered{false};
	std::atomic<bool> open{false};

	void operator()()
	{
		const auto deadline = steady_clock::now() + 2 * soon;

		entered = true;
		while (!open && steady_clock::now() < deadline)
			kunit_bridge_sleep_ms(1);
	}
};

// A worker whose thread is in a gate.
struct busy {
	busy(kunit *test, const worker &w) : item(w, passage{closed})
	{
		KUNIT_EXPECT_TRUE(test, item.queue());
		expect_soon(test, [this] { return closed.entered.load(); });
	}
	~busy() { closed.open = true; }
	void open() { closed.open = true; }

	struct passage {
		gate &in;
		void operator()() { in(); }
	};
	gate closed;
	work<passage> item;
};

struct log {
	int seen[16] = {};
	int size = 0;

	void add(int n)
	{
		if (size < 16)
			seen[size++] = n;
	}
	bool is(std::span<const int> expected) const
	{
		bool same = static_cast<std::size_t>(size) == expected.size();
		for (int i = 0; same && i < size; ++i)
			same = seen[i] == expected[static_cast<std::size_t>(i)];
		return same;
	}
};

// Writes its number.
struct entry {
	log &to;
	int n;
	void operator()() { to.add(n); }
};

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

// All at once to the same items: what was queued has run or was cancelled, once each.
void worker_counts_items_queued_and_cancelled_at_once(kunit *test)
{
	constexpr int threads = 4, rounds = 3000;
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
				for (int i = 0; i < rounds; ++i) {
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
		// What is still pending the destructors would cancel, and nobody count.
		expect(test, w.flush());
	}
	KUNIT_EXPECT_FALSE(test, overlapped.load());
	KUNIT_EXPECT_EQ(test, queued.load(), runs + cancelled);
	KUNIT_EXPECT_TRUE(test, cancelled > 0);
}

void work_calls_what_can_be_called(kunit *test)
{
	static std::atomic<int> calls;
	calls = 0;
	auto w = run(test);
	work function(
		w, +[] { ++calls; });
	work with_item(w, [](work_item &) { ++calls; });
	work move_only(w, [n = std::make_unique<int>(1)] { calls.fetch_add(*n); });
	delayed_work with_delayed(w, [](delayed_work_item &) { ++calls; });

	function.queue();
	with_item.queue();
	move_only.queue();
	with_delayed.queue();
	KUNIT_EXPECT_TRUE(test, w.flush().has_value());
	KUNIT_EXPECT_EQ(test, calls.load(), 4);
}

void work_pending_is_not_queued_again(kunit *test)
{
	std::atomic<int> runs{0};
	auto w = run(test);
	work job(w, [&] { ++runs; });
	{
		busy first(test, w);

		KUNIT_EXPECT_TRUE(test, job.queue());
		KUNIT_EXPECT_FALSE(test, job.queue());
		KUNIT_EXPECT_FALSE(test, job.queue());
	}
	KUNIT_EXPECT_TRUE(test, w.flush().has_value());
	KUNIT_EXPECT_EQ(test, runs.load(), 1);
	KUNIT_EXPECT_TRUE(test, job.queue());
	KUNIT_EXPECT_TRUE(test, job.flush().has_value());
	KUNIT_EXPECT_EQ(test, runs.load(), 2);
}

void work_queued_while_it_runs_runs_again(kunit *test)
{
	auto w = run(test);
	busy job(test, w);

	job.closed.entered = false;
	KUNIT_EXPECT_TRUE(test, job.item.queue());
	KUNIT_EXPECT_FALSE(test, job.item.queue());
	job.open();
	KUNIT_EXPECT_TRUE(test, job.item.flush().has_value());
	KUNIT_EXPECT_TRUE(test, job.closed.entered.load());
}

void work_queues_itself_until_cancelled(kunit *test)
{
	std::atomic<int> runs{0};
	auto w = run(test);
	work job(w, [&](work_item &self) {
		++runs;
		self.queue();
	});

	job.queue();
	expect_soon(test, [&] { return runs > 100; });
	job.cancel();
	const int at = runs;
	kunit_bridge_sleep_ms(20);
	KUNIT_EXPECT_EQ(test, runs.load(), at);
	KUNIT_EXPECT_TRUE(test, job.queue());
	expect_soon(test, [&] { return runs > at; });
}

void work_cancel_of_a_pending_item_waits_for_no_other(kunit *test)
{
	log order;
	auto w = run(test);
	work<entry> items[] = {{w, {order, 0}}, {w, {order, 1}}, {w, {order, 2}},
			       {w, {order, 3}}, {w, {order, 4}}, {w, {order, 5}}};
	{
		busy first(test, w);

		// Some from the inbox, some from the ready list; first, last and between.
		for (int i = 0; i < 3; ++i)
			items[i].queue();
		expect_at_once(test, [&] { KUNIT_EXPECT_TRUE(test, items[1].cancel()); });
		expect_at_once(test, [&] { KUNIT_EXPECT_TRUE(test, items[0].cancel()); });
		for (int i = 3; i < 6; ++i)
			items[i].queue();
		expect_at_once(test, [&] { KUNIT_EXPECT_TRUE(test, items[5].cancel()); });
		expect_at_once(test, [&] { KUNIT_EXPECT_FALSE(test, items[5].cancel()); });
		KUNIT_EXPECT_TRUE(test, items[0].queue());
		KUNIT_EXPECT_FALSE(test, first.closed.open.load());
	}
	KUNIT_EXPECT_TRUE(test, w.flush().has_value());
	const int expected[] = {2, 3, 4, 0};
	KUNIT_EXPECT_TRUE(test, order.is(expected));
}

void work_cancel_waits_while_it_runs(kunit *test)
{
	std::atomic<bool> entered{false}, left{false};
	auto w = run(test);
	work job(w, [&] {
		entered = true;
		kunit_bridge_sleep_ms(50);
		left = true;
	});

	job.queue();
	expect_soon(test, [&] { return entered.load(); });
	KUNIT_EXPECT_FALSE(test, job.cancel());
	KUNIT_EXPECT_TRUE(test, left.load());
}

void work_being_cancelled_cannot_be_queued(kunit *test)
{
	std::atomic<bool> entered{false}, open{false}, queued_itself{true};
	auto w = run(test);
	work job(w, [&](work_item &self) {
		entered = true;
		while (!open)
			kunit_bridge_sleep_ms(1);
		queued_itself = self.queue();
	});

	job.queue();
	expect_soon(test, [&] { return entered.load(); });
	KUNIT_EXPECT_TRUE(test, job.queue());
	auto canceller =
		jthread::run("canceller", [&](stop_token) { return job.cancel() ? 1 : 0; });
	kunit_bridge_sleep_ms(50);
	KUNIT_EXPECT_FALSE(test, job.queue());
	KUNIT_EXPECT_TRUE(test, canceller->progress() == kthread::thread_progress::running);
	open = true;
	KUNIT_EXPECT_EQ(test, canceller->join().value_or(-1), 1);
	KUNIT_EXPECT_FALSE(test, queued_itself.load());
	KUNIT_EXPECT_TRUE(test, job.queue());
}

void work_cancels_itself(kunit *test)
{
	std::atomic<int> runs{0};
	std::atomic<bool> first{false}, second{true};
	auto w = run(test);
	work job(w, [&](work_item &self) {
		++runs;
		self.queue();
		first = self.cancel();
		second = self.cancel();
	});

	job.queue();
	expect_at_once(test, [&] { KUNIT_EXPECT_TRUE(test, w.flush().has_value()); });
	KUNIT_EXPECT_EQ(test, runs.load(), 1);
	KUNIT_EXPECT_TRUE(test, first.load());
	KUNIT_EXPECT_FALSE(test, second.load());
}

void work_cancels_and_queues_others(kunit *test)
{
	log order;
	auto w = run(test);
	work<entry> early(w, {order, 1});
	work<entry> late(w, {order, 2});
	work job(w, [&] {
		order.add(early.cancel() ? 10 : 20);
		late.queue();
		early.queue();
	});
	{
		busy first(test, w);
		job.queue();
		early.queue();
	}
	// The worker's flush() does not wait for what is queued after it.
	KUNIT_EXPECT_TRUE(test, job.flush().has_value());
	KUNIT_EXPECT_TRUE(test, w.flush().has_value());
	const int expected[] = {10, 2, 1};
	KUNIT_EXPECT_TRUE(test, order.is(expected));
}

void work_destructor_cancels(kunit *test)
{
	std::atomic<int> runs{0}, destroyed{0};
	auto w = run(test);
	{
		busy first(test, w);
		work pending(w, [&, x = witness(destroyed)] { ++runs; });
		work idle(w, [&, x = witness(destroyed)] { ++runs; });

		pending.queue();
	}
	KUNIT_EXPECT_EQ(test, destroyed.load(), 2);
	{
		std::atomic<bool> entered{false};
		work running(w, [&, x = witness(destroyed)] {
			entered = true;
			kunit_bridge_sleep_ms(50);
			runs.fetch_add(destroyed == 2);
		});

		running.queue();
		expect_soon(test, [&] { return entered.load(); });
	}
	KUNIT_EXPECT_EQ(test, destroyed.load(), 3);
	KUNIT_EXPECT_EQ(test, runs.load(), 1);
}

void work_can_destroy_itself(kunit *test)
{
	constexpr int count = 200;
	static std::atomic<int> destroyed;
	struct session {
		struct close {
			session *self;
			void operator()() { delete self; }
		};
		explicit session(const worker &w) : last(w, close{this}), timed(w, close{this}) {}
		~session() { ++destroyed; }
		work<close> last;
		delayed_work<close> timed;
	};
	destroyed = 0;
	{
		auto w = run(test);
		for (int i = 0; i < count; ++i) {
			if (auto *s = new (std::nothrow) session(w); s && i % 2)
				s->last.queue();
			else if (s)
				s->timed.queue_after(std::chrono::microseconds(i));
		}
		expect_soon(test, [&] { return destroyed == count; });
	}
	KUNIT_EXPECT_EQ(test, destroyed.load(), count);
}

void work_in_the_place_of_one_that_destroyed_itself_is_another(kunit *test)
{
	gate closed;
	auto w = run(test);
	struct leave {
		gate &closed;
		alignas(void *) unsigned char (&place)[256];
		void operator()()
		{
			gate &in = closed;
			std::destroy_at(reinterpret_cast<work<leave> *>(place));
			in();
		}
	};
	alignas(void *) unsigned char place[256];
	static_assert(sizeof(work<leave>) <= sizeof(place));

	(new (static_cast<void *>(place)) work<leave>(w, leave{closed, place}))->queue();
	expect_soon(test, [&] { return closed.entered.load(); });
	auto *other = new (static_cast<void *>(place)) work<leave>(w, leave{closed, place});
	expect_at_once(test, [&] { KUNIT_EXPECT_FALSE(test, other->cancel()); });
	KUNIT_EXPECT_FALSE(test, closed.open.load());
	std::destroy_at(other);
	closed.open = true;
}

void work_flush_waits_for_this_item_only(kunit *test)
{
	std::atomic<int> runs{0};
	auto w = run(test);
	gate closed;
	work job(w, [&] {
		kunit_bridge_sleep_ms(20);
		++runs;
	});
	work later(w, [&] { closed(); });

	job.queue();
	later.queue();
	expect_at_once(test, [&] { KUNIT_EXPECT_TRUE(test, job.flush().has_value()); });
	KUNIT_EXPECT_EQ(test, runs.load(), 1);
	expect_soon(test, [&] { return closed.entered.load(); });
	expect_at_once(test, [&] { KUNIT_EXPECT_TRUE(test, job.flush().has_value()); });

	// It runs, and is pending too.
	later.queue();
	closed.entered = false;
	closed.open = true;
	KUNIT_EXPECT_TRUE(test, later.flush().has_value());
	KUNIT_EXPECT_TRUE(test, closed.entered.load());
}

void work_outlives_its_worker(kunit *test)
{
	std::atomic<int> runs{0}, fired{0};
	auto w = run(test);
	work job(w, [&] { ++runs; });
	delayed_work armed(w, [&] { ++runs; });
	delayed_work fires(w, [&] { ++fired; });

	KUNIT_EXPECT_TRUE(test, armed.queue_after(forever));
	KUNIT_EXPECT_TRUE(test, fires.queue_after(20ms));
	KUNIT_EXPECT_TRUE(test, job.queue());
	w = worker();
	KUNIT_EXPECT_EQ(test, runs.load(), 1);
	// None, unless a busy host let that time pass before.
	const int fired_before = fired;

	KUNIT_EXPECT_FALSE(test, job.queue());
	KUNIT_EXPECT_FALSE(test, job.cancel());
	KUNIT_EXPECT_TRUE(test, job.flush().has_value());
	kunit_bridge_sleep_ms(50);
	KUNIT_EXPECT_FALSE(test, fires.queue_after(1ms));
	KUNIT_EXPECT_FALSE(test, fires.mod(1ms));
	KUNIT_EXPECT_FALSE(test, fires.cancel());
	KUNIT_EXPECT_TRUE(test, armed.cancel());
	KUNIT_EXPECT_EQ(test, runs.load(), 1);
	KUNIT_EXPECT_EQ(test, fired.load(), fired_before);
}

void work_can_be_queued_in_an_interrupt(kunit *test)
{
	std::atomic<int> runs{0};
	auto w = run(test);
	struct timer : bridge_timer {
		work_item *item;
		std::atomic<int> queued{0};
	} timer;
	work job(w, [&] { ++runs; });

	timer.item = &job;
	bridge_timer_init(&timer, [](bridge_timer *self) {
		auto &expired = static_cast<struct timer &>(*self);
		expired.queued.fetch_add(expired.item->queue());
	});
	for (int i = 1; i <= 5; ++i) {
		bridge_timer_start(&timer, ktime_get() + 1000000);
		expect_soon(test, [&] { return runs == i; });
	}
	bridge_timer_destroy(&timer);
	KUNIT_EXPECT_EQ(test, timer.queued.load(), 5);
}

void delayed_work_does_not_run_before_its_time(kunit *test)
{
	std::atomic<long long> ran{0};
	auto w = run(test);
	delayed_work job(w, [&] { ran = ktime_get(); });

	for (auto delay = 1ms; delay < 30ms; delay *= 5) {
		const long long start = ktime_get();

		ran = 0;
		KUNIT_EXPECT_TRUE(test, job.queue_after(delay));
		expect_soon(test, [&] { return ran != 0; });
		KUNIT_EXPECT_TRUE(test, ran - start >= std::chrono::nanoseconds(delay).count());
	}
	KUNIT_EXPECT_TRUE(test, job.queue_after(-1s));
	KUNIT_EXPECT_TRUE(test, w.flush().has_value());
	KUNIT_EXPECT_TRUE(test, job.queue_after(std::chrono::nanoseconds::max()));
}

void delayed_work_pending_is_not_queued_again(kunit *test)
{
	std::atomic<int> runs{0};
	auto w = run(test);
	delayed_work job(w, [&] { ++runs; });

	KUNIT_EXPECT_TRUE(test, job.queue_after(forever));
	KUNIT_EXPECT_FALSE(test, job.queue_after(0s));
	KUNIT_EXPECT_FALSE(test, job.queue());
	kunit_bridge_sleep_ms(20);
	KUNIT_EXPECT_EQ(test, runs.load(), 0);
	KUNIT_EXPECT_TRUE(test, job.mod(1ms));
	expect_soon(test, [&] { return runs == 1; });
	kunit_bridge_sleep_ms(20);
	KUNIT_EXPECT_EQ(test, runs.load(), 1);
}

void delayed_work_queues_itself(kunit *test)
{
	std::atomic<int> runs{0};
	auto w = run(test);
	delayed_work beat(w, [&](delayed_work_item &self) {
		++runs;
		self.queue_after(1ms);
	});

	beat.queue();
	expect_soon(test, [&] { return runs >= 5; });
	beat.cancel();
	const int at = runs;
	kunit_bridge_sleep_ms(20);
	KUNIT_EXPECT_EQ(test, runs.load(), at);
}

void delayed_work_mod_changes_the_time(kunit *test)
{
	std::atomic<long long> ran{0};
	auto w = run(test);
	delayed_work job(w, [&] { ran = ktime_get(); });

	// It was idle: queued.
	KUNIT_EXPECT_FALSE(test, job.mod(forever));
	// Earlier.
	KUNIT_EXPECT_TRUE(test, job.mod(1ms));
	expect_soon(test, [&] { return ran != 0; });

	// Later. Again if a busy host let the time pass before.
	for (bool later = false; !later;) {
		(void)job.flush();
		ran = 0;
		KUNIT_EXPECT_TRUE(test, job.queue_after(20ms));
		const long long start = ktime_get();
		later = job.mod(100ms);
		if (!later)
			continue;
		expect_soon(test, [&] { return ran != 0; });
		KUNIT_EXPECT_TRUE(test, ran - start >= 100000000);
	}

	// At once.
	ran = 0;
	KUNIT_EXPECT_TRUE(test, job.queue_after(forever));
	KUNIT_EXPECT_TRUE(test, job.mod(0s));
	KUNIT_EXPECT_TRUE(test, w.flush().has_value());
	KUNIT_EXPECT_TRUE(test, ran != 0);
}

void delayed_work_mod_takes_it_out_of_the_queue(kunit *test)
{
	std::atomic<int> runs{0};
	auto w = run(test);
	delayed_work job(w, [&] { ++runs; });
	{
		busy first(test, w);

		job.queue();
		KUNIT_EXPECT_TRUE(test, job.mod(forever));
		KUNIT_EXPECT_FALSE(test, job.queue());
	}
	KUNIT_EXPECT_TRUE(test, w.flush().has_value());
	KUNIT_EXPECT_EQ(test, runs.load(), 0);
	KUNIT_EXPECT_TRUE(test, job.cancel());
}

void delayed_work_cancel_stops_the_timer(kunit *test)
{
	std::atomic<int> runs{0}, destroyed{0};
	auto w = run(test);
	long long took = 0;

	// Again if a busy host let the time pass before.
	do {
		destroyed = 0;
		runs = 0;
		const long long start = ktime_get();
		{
			delayed_work job(w, [&, x = witness(destroyed)] { ++runs; });

			KUNIT_EXPECT_TRUE(test, job.queue_after(forever));
			KUNIT_EXPECT_TRUE(test, job.cancel());
			KUNIT_EXPECT_FALSE(test, job.cancel());
			KUNIT_EXPECT_TRUE(test, job.queue_after(10ms));
		}
		took = ktime_get() - start;
		KUNIT_EXPECT_EQ(test, destroyed.load(), 1);
		kunit_bridge_sleep_ms(30);
	} while (took >= 10000000);
	KUNIT_EXPECT_EQ(test, runs.load(), 0);
}

void delayed_work_flush_runs_it_at_once(kunit *test)
{
	std::atomic<int> runs{0};
	auto w = run(test);
	delayed_work job(w, [&] { ++runs; });

	KUNIT_EXPECT_TRUE(test, job.queue_after(forever));
	expect_at_once(test, [&] { KUNIT_EXPECT_TRUE(test, job.flush().has_value()); });
	KUNIT_EXPECT_EQ(test, runs.load(), 1);
}

// Timers that come while their items are moved, cancelled and destroyed.
void delayed_work_mod_and_cancel_meet_the_timer(kunit *test)
{
	std::atomic<long> runs{0};
	auto w = run(test);
	auto group = jthread_group::create("mixer", 3, [&](stop_token stop, unsigned int) {
		for (int i = 0; i < 300; ++i) {
			delayed_work job(w, [&] { ++runs; });

			for (int k = 0; k < 5; ++k) {
				job.queue_after(std::chrono::microseconds(10 * k));
				job.mod(std::chrono::microseconds((i + k) % 60));
			}
			if (i % 3 == 0)
				job.cancel();
			if (i % 16 == 0)
				stop.yield();
		}
		return 0;
	});

	KUNIT_EXPECT_TRUE(test, group.has_value());
	if (!group)
		return;
	group->wake();
	for (auto &thread : *group)
		KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 0);
	KUNIT_EXPECT_TRUE(test, runs > 0);
}
