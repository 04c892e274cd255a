// SPDX-License-Identifier: GPL-2.0
//
// The end of a module that forgot several things of which one waits for another, or destroys it.
#include "kthread/static_object.hpp"
#include "kthread/timer.hpp"
#include "kthread/workqueue.hpp"

#include "items.hpp"

using kthread::jthread;
using kthread::static_jthread;
using kthread::stop_token;

namespace
{
int until_stopped(stop_token stop)
{
	while (!stop.stop_requested())
		(void)stop.wait([] { return false; });
	return 0;
}

// The thread calls make(), which has returned when this returns, and lives until it is stopped.
template <class Maker, class F>
void make_in(Maker &maker, F make)
{
	std::atomic<bool> is_made{false};

	expect(bool(maker.run("maker",
			      [&](stop_token stop) {
				      make();
				      is_made.store(true);
				      return until_stopped(stop);
			      })),
	       "runs");
	while (!is_made.load())
		kernel::usleep_range_state(1000, TASK_UNINTERRUPTIBLE);
}

// Destroys itself, and the handle of a thread.
struct owner {
	struct destroys_all {
		owner &self;
		void operator()() const
		{
			owner &it = self;

			delete it.callback.exchange(nullptr);
			delete it.thread.exchange(nullptr);
		}
	};
	std::atomic<jthread *> thread{nullptr};
	std::atomic<kthread::stop_callback<destroys_all> *> callback{nullptr};

	void keep(jthread &&made) { thread.store(new (std::nothrow) jthread(std::move(made))); }
	void watch(stop_token token)
	{
		callback.store(new (std::nothrow) kthread::stop_callback<destroys_all>(
			std::move(token), destroys_all{*this}));
	}
};
} // namespace

// The stop comes when its maker has ended.
SCENARIO(callback_destroys_the_forgotten_thread_that_is_stopped)
{
	tally t;
	owner it;
	static_jthread<2 * sizeof(void *)> maker;
	one_order();
	make_in(maker, [&] {
		auto made = jthread::run("other", sleeper(t));

		it.keep(std::move(must(made)));
	});
	it.watch(it.thread.load()->get_stop_token());
	all_orders();
	module_goes();
	expect(!it.thread.load(), "destroyed");
	expect_log(1, 2);
}

// A thread that has ended by itself is not asked, as nobody waits for that.
SCENARIO(callback_of_a_forgotten_thread_that_has_ended)
{
	owner it;
	auto made = jthread::run("thread", [](stop_token) { return 7; });
	it.keep(std::move(must(made)));
	it.watch(it.thread.load()->get_stop_token());

	const bool has_ended = it.thread.load()->progress() == kthread::thread_progress::returned;

	module_goes();
	expect(!has_ended || it.callback.load(), "not called");
	expect_log(0, 1);
	// The handle of a thread that was stopped with the module is empty memory, to which the callback refers.
	delete it.callback.load();
	operator delete(it.thread.load());
}

// The end of the module waits for the first, which waits for the second, whose stop destroys the first.
SCENARIO(callback_destroys_the_forgotten_thread_that_is_waited_for)
{
	tally t;
	owner it;
	static_jthread<sizeof(counted)> other;
	stop_token token;
	static_jthread<2 * sizeof(void *)> maker;
	one_order();
	auto made = jthread::create(
		"first", [&other](stop_token) { return kthread::to_errno(other.join()); });
	it.keep(std::move(must(made)));
	make_in(maker, [&] {
		expect(bool(other.run("other", sleeper(t))), "made");
		token = other.get_stop_token();
	});
	it.thread.load()->wake();
	it.watch(std::move(token));
	all_orders();
	module_goes();
	expect(!it.thread.load(), "destroyed");
	expect_log(2, 3);
}

// The thread was there before the worker, and so it is stopped first.
SCENARIO(forgotten_thread_waits_for_a_parked_worker)
{
	using item = kthread::work<void (*)()>;

	memory_may_stay();
	std::atomic<item *> its{nullptr};
	static_jthread<sizeof(void *)> thread;
	expect(bool(thread.create(
		       "waits",
		       [&](stop_token) { return kthread::to_errno(its.load()->flush()); })),
	       "made");
	auto made = sleeping_worker();
	forgotten parked(std::move(must(made)));
	forgotten<item> i(*parked, [] {});
	its.store(&*i);
	expect(bool(parked->park()), "parks");
	expect(i->queue(), "queued");
	thread.wake();
	module_goes();
	expect_log(2, 2);
}

// The item ends by a stop of its workqueue alone.
SCENARIO(forgotten_thread_waits_for_a_workqueue)
{
	memory_may_stay();
	std::atomic<kthread::workqueue *> its{nullptr};
	static_jthread<sizeof(void *)> thread;
	expect(bool(thread.create("waits", [&](stop_token) { return its.load()->flush(), 0; })),
	       "made");
	auto made = kthread::workqueue::create("queue");
	forgotten queue(std::move(must(made)));
	its.store(&*queue);
	expect(bool(queue->spawn(until_stopped)), "spawned");
	thread.wake();
	module_goes();
	expect_log(2, 2);
}

namespace
{
// The item ends by its token alone.
template <class Item>
void flush_forgotten_item()
{
	std::atomic<Item *> its{nullptr};
	static_jthread<sizeof(void *)> thread;
	expect(bool(thread.create(
		       "waits",
		       [&](stop_token) { return kthread::to_errno(its.load()->flush()); })),
	       "made");
	forgotten<Item> item(kthread::pool::system(), until_stopped);
	its.store(&*item);
	expect(item->queue(), "queued");
	thread.wake();
	module_goes();
	expect_log(2, 2);
}
} // namespace

SCENARIO(forgotten_thread_waits_for_a_pool_item)
{
	flush_forgotten_item<kthread::work<int (*)(stop_token), kthread::pool_item>>();
}

SCENARIO(forgotten_thread_waits_for_a_delayed_pool_item)
{
	flush_forgotten_item<
		kthread::delayed_work<int (*)(stop_token), kthread::delayed_pool_item>>();
}

// The workqueue was there before the thread that its item joins, and so it is flushed first.
SCENARIO(item_of_a_forgotten_workqueue_joins_one_whose_maker_ends)
{
	tally t;
	static_jthread<sizeof(counted)> other;
	static_jthread<2 * sizeof(void *)> maker;
	auto made = kthread::workqueue::create("queue");
	forgotten queue(std::move(must(made)));
	one_order();
	make_in(maker, [&] { expect(bool(other.run("other", sleeper(t))), "made"); });
	all_orders();
	expect(bool(queue->spawn([&other] { (void)other.join(); })), "spawned");
	module_goes();
	expect_log(3, 3);
}

// The other is made when its maker was asked to stop.
SCENARIO(forgotten_thread_joins_one_that_is_made_late)
{
	tally t;
	static_jthread<2 * sizeof(void *)> first;
	static_jthread<sizeof(counted)> other;
	static_jthread<4 * sizeof(void *)> maker;
	std::atomic<bool> has_begun{false}, is_made{false};
	one_order();
	expect(bool(first.create("first",
				 [&](stop_token) {
					 while (!is_made.load())
						 kernel::usleep_range_state(1000,
									    TASK_UNINTERRUPTIBLE);
					 return kthread::to_errno(other.join());
				 })),
	       "made");
	expect(bool(maker.run("maker",
			      [&](stop_token stop) {
				      has_begun.store(true);
				      (void)until_stopped(std::move(stop));
				      expect(bool(other.run("other", sleeper(t))), "made");
				      is_made.store(true);
				      return 0;
			      })),
	       "runs");
	while (!has_begun.load())
		kernel::usleep_range_state(1000, TASK_UNINTERRUPTIBLE);
	first.wake();
	all_orders();
	module_goes();
	expect_log(3, 3);
}

// Its maker does not end before it.
SCENARIO(forgotten_thread_joins_one_that_it_made)
{
	tally t;
	static_jthread<3 * sizeof(void *)> thread;
	static_jthread<sizeof(counted)> other;
	std::atomic<bool> is_made{false};
	one_order();
	expect(bool(thread.run("maker",
			       [&](stop_token) {
				       expect(bool(other.run("other", sleeper(t))), "made");
				       is_made.store(true);
				       return kthread::to_errno(other.join());
			       })),
	       "runs");
	while (!is_made.load())
		kernel::usleep_range_state(1000, TASK_UNINTERRUPTIBLE);
	all_orders();
	module_goes();
	expect_log(2, 2);
}

// The worker runs items for as long as the thread that made it lives.
SCENARIO(worker_of_a_forgotten_thread)
{
	static_jthread<sizeof(void *)> thread;
	std::atomic<bool> is_made{false};
	one_order();
	expect(bool(thread.run("maker",
			       [&](stop_token stop) {
				       auto w = kthread::worker::run("worker");
				       is_made.store(true);
				       (void)until_stopped(std::move(stop));

				       bool is_stopped = true;
				       kthread::work i(must(w), [&](stop_token its) {
					       is_stopped = its.stop_requested();
				       });

				       i.queue();
				       expect(bool(i.flush()), "has run");
				       expect(!is_stopped, "not before the thread");
				       return 0;
			       })),
	       "runs");
	while (!is_made.load())
		kernel::usleep_range_state(1000, TASK_UNINTERRUPTIBLE);
	all_orders();
	module_goes();
	expect_log(1, 1);
}

// The object is made after the worker, and so it is destroyed first.
SCENARIO(forgotten_object_waits_for_a_worker)
{
	memory_may_stay();
	kthread::static_object<object_that_waits<kthread::worker, &kthread::worker::flush>> object;
	auto made = sleeping_worker();
	forgotten worker(std::move(must(made)));
	expect(bool(worker->spawn(until_stopped)), "spawned");
	expect(bool(object.emplace(*worker)), "made");
	module_goes();
	expect_log(2, 2);
}

// It may come at any time before its own end.
SCENARIO(forgotten_timer_destroys_another)
{
	using timer = kthread::timer<>;

	std::atomic<timer *> other{new (std::nothrow) timer([] {})};
	forgotten<timer> destroys([&] { delete other.exchange(nullptr); });

	other.load()->start_after(1us);
	destroys->start_after(1us);
	module_goes();
	expect_log(1, 2);
	// The module's end has left the other timer as empty memory.
	operator delete(other.load());
}

namespace
{
struct uses_worker_at_its_end {
	kthread::worker &worker;

	explicit uses_worker_at_its_end(kthread::worker &worker) : worker(worker) {}
	~uses_worker_at_its_end()
	{
		(void)worker.spawn([] {});
		(void)worker.flush();
	}
};
} // namespace

// The worker's thread is stopped before it has begun.
SCENARIO(forgotten_object_uses_a_worker_that_never_ran)
{
	memory_may_stay();
	kthread::static_object<uses_worker_at_its_end> object;
	auto made = kthread::worker::create("worker");
	forgotten worker(std::move(must(made)));
	expect(bool(object.emplace(*worker)), "made");
	module_goes();
	expect_log(2, 2);
}

// The worker's thread is stopped before it has begun, while another waits for it.
SCENARIO(forgotten_thread_waits_for_a_worker_that_never_ran)
{
	memory_may_stay();
	auto made = kthread::worker::create("worker");
	forgotten worker(std::move(must(made)));
	static_jthread<sizeof(void *)> thread;
	expect(bool(thread.run("waits",
			       [&](stop_token) {
				       (void)worker->spawn([] {});
				       return kthread::to_errno(worker->flush());
			       })),
	       "runs");
	module_goes();
	expect_log(2, 2);
}

namespace
{
// A thread makes the workqueue if has_maker, and lives until the module's end.
void destroy_workqueue_in_callback(bool has_maker)
{
	using kthread::workqueue;

	std::atomic<workqueue *> its{nullptr};
	stop_token token;
	static_jthread<2 * sizeof(void *)> maker;
	const auto make = [&] {
		auto made = workqueue::create("queue");

		its.store(new (std::nothrow) workqueue(std::move(must(made))));
		expect(bool(its.load()->spawn([&](const stop_token &stop) { token = stop; })),
		       "spawned");
		its.load()->flush();
	};
	one_order();
	if (has_maker)
		make_in(maker, make);
	else
		make();
	const kthread::stop_callback destroys(std::move(token),
					      [&] { delete its.exchange(nullptr); });
	all_orders();
	module_goes();
	expect(!its.load(), "destroyed");
	expect_log(0, 2);
}
} // namespace

SCENARIO(callback_destroys_the_forgotten_workqueue)
{
	destroy_workqueue_in_callback(false);
}

// The module's end stops this workqueue when its maker has ended, which may need it until then.
SCENARIO(callback_destroys_the_forgotten_workqueue_of_a_thread)
{
	destroy_workqueue_in_callback(true);
}

// A thread has made the item, which is asked after the timer that it waits for, and is cancelled before that.
SCENARIO(forgotten_item_of_a_thread_waits_for_a_timer)
{
	using item = kthread::any_work<kthread::pool_item>;

	memory_may_stay();
	std::atomic<bool> has_ticked{false};
	std::atomic<item *> made{nullptr};
	static_jthread<2 * sizeof(void *)> maker;
	forgotten<kthread::timer<>> timer([&] { has_ticked.store(true); });
	one_order();
	make_in(maker, [&] {
		made.store(new (std::nothrow) item(kthread::pool::system(), [&] {
			while (!has_ticked.load())
				kernel::usleep_range_state(1000, TASK_UNINTERRUPTIBLE);
		}));
	});
	timer->start_after(20ms);
	expect(made.load()->queue(), "queued");
	all_orders();
	module_goes();
	expect_log(3, 3);
}

// The only thread of the module may be one that it makes when the module's end has found none.
SCENARIO(forgotten_item_makes_a_thread)
{
	memory_may_stay();
	tally t;
	static_jthread<sizeof(counted)> made;
	forgotten<kthread::any_work<kthread::pool_item>> item(kthread::pool::system(), [&] {
		expect(bool(made.run("made", sleeper(t))), "made");
	});
	expect(item->queue(), "queued");
	module_goes();
	expect_log(1, 2);
}

// The thread that an item makes may destroy the item, which does not run any more.
SCENARIO(forgotten_item_makes_a_thread_that_destroys_it)
{
	using item = kthread::any_work<kthread::pool_item>;

	memory_may_stay();
	std::atomic<item *> its{nullptr};
	static_jthread<sizeof(void *)> thread;
	its.store(new (std::nothrow) item(kthread::pool::system(), [&] {
		expect(bool(thread.run("destroys",
				       [&](stop_token stop) {
					       (void)until_stopped(std::move(stop));
					       delete its.exchange(nullptr);
					       return 0;
				       })),
		       "made");
	}));
	expect(its.load()->queue(), "queued");
	module_goes();
	expect_log(0, 2);
}
