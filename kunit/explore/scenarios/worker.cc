// SPDX-License-Identifier: GPL-2.0
//
// A worker and its items.
#include "items.hpp"

using kthread::errno_t;
using kthread::work;
using kthread::work_item;
using kthread::worker;

SCENARIO(queue_and_flush)
{
	auto w = worker::run("worker");
	int n = 0;
	const auto f = [&n] { ++n; };
	work i(must(w), f);
	expect(i.queue(), "accepted");
	expect(bool(i.flush()), "flushed");
	expect(n == 1, "has run, and is seen without a race");
}

SCENARIO(queue_and_flush_worker)
{
	auto w = worker::run("worker");
	int n = 0;
	const auto f = [&n] { ++n; };
	work i(must(w), f);
	expect(i.queue(), "accepted");
	expect(bool(w->flush()), "flushed");
	expect(n == 1, "has run, and is seen without a race");
}

SCENARIO(two_queuers)
{
	auto w = worker::run("worker");
	tally t;
	item i(must(w), t);
	int first = 0;
	context a("queuer", [&] { first = i.queue(); });
	const int second = i.queue();
	join();
	(void)i.flush();
	expect_runs(t, first + second, 0);
}

SCENARIO(two_items)
{
	auto w = worker::run("worker");
	tally t;
	item i(must(w), t), j(*w, t);
	context a("queuer", [&] { expect(i.queue(), "accepted"); });
	expect(j.queue(), "accepted");
	join();
	expect(bool(w->flush()), "flushed");
	expect_runs(t, 2, 0);
}

SCENARIO(queued_by_an_interrupt)
{
	auto w = worker::run("worker");
	tally t;
	item i(must(w), t);
	interrupt a("irq", [&] { (void)i.queue(); });
	(void)i.queue();
	join();
	expect(bool(i.flush()), "flushed");
	expect(t.calls_now() == 1 || t.calls_now() == 2, "has run");
}

SCENARIO(queue_and_cancel)
{
	auto w = worker::run("worker");
	tally t;
	item i(must(w), t);
	int queued = 0;
	context a("queuer", [&] { queued = i.queue(); });
	int cancelled = i.cancel();
	join();
	cancelled += i.cancel();
	expect_runs(t, queued, cancelled);
}

SCENARIO(two_cancels)
{
	auto w = worker::run("worker");
	tally t;
	item i(must(w), t);
	const int queued = i.queue();
	int first = 0;
	context a("canceller", [&] { first = i.cancel(); });
	const int second = i.cancel();
	join();
	expect_runs(t, queued, first + second);
}

SCENARIO(flush_and_cancel)
{
	auto w = worker::run("worker");
	tally t;
	item i(must(w), t);
	const int queued = i.queue();
	context a("flusher", [&] { expect(bool(i.flush()), "flushed"); });
	const int cancelled = i.cancel();
	join();
	expect_runs(t, queued, cancelled);
}

SCENARIO(flush_and_queue)
{
	auto w = worker::run("worker");
	tally t;
	item i(must(w), t);
	context a("flusher", [&] { (void)i.flush(); });
	expect(i.queue(), "accepted");
	(void)i.flush();
	expect(t.calls_now() == 1, "has run");
	join();
}

SCENARIO(cancel_of_what_runs)
{
	// What the item writes is seen after the cancel.
	auto w = worker::run("worker");
	int n = 0;
	const auto f = [&n] { ++n; };
	{
		work i(must(w), f);
		i.queue();
	}
	expect(n == 0 || n == 1, "has run or has not");
}

SCENARIO(queues_itself)
{
	auto w = worker::run("worker");
	int n = 0;
	const auto f = [&n](work_item &self) {
		if (++n < 2)
			self.queue();
	};
	work i(must(w), f);
	i.queue();
	(void)i.flush();
	(void)w->flush();
	expect(n == 2, "has run twice");
}

SCENARIO(cancels_itself)
{
	auto w = sleeping_worker();
	int n = 0;
	const auto f = [&n](work_item &self) {
		++n;
		self.cancel();
		expect(!self.flush(), "an item cannot wait for itself");
	};
	work i(must(w), f);
	context a("queuer", [&] { i.queue(); });
	i.queue();
	join();
	i.cancel();
	expect(n <= 2, "runs");
}

SCENARIO(item_queues_another)
{
	auto w = worker::run("worker");
	tally t;
	item j(must(w), t);
	const auto f = [&j] { j.queue(); };
	work i(*w, f);
	i.queue();
	context a("canceller", [&] { (void)j.cancel(); });
	(void)i.flush();
	join();
	(void)j.flush();
}

SCENARIO(item_cancels_another)
{
	auto w = worker::run("worker");
	tally t;
	item j(must(w), t);
	std::atomic<int> cancelled{0};
	const auto f = [&] { cancelled.fetch_add(j.cancel(), std::memory_order_relaxed); };
	work i(*w, f);
	i.queue();
	int queued = 0;
	context a("queuer", [&] { queued = j.queue(); });
	(void)i.flush();
	join();
	(void)j.flush();
	expect_runs(t, queued, cancelled.load(std::memory_order_relaxed));
}

// A run of A that flushes B has to be told that it cannot, whenever B is queued.
SCENARIO(item_flushes_another)
{
	auto w = worker::run("worker");
	tally t;
	item j(must(w), t);
	const auto f = [&j] { (void)j.flush(); };
	work i(*w, f);
	i.queue();
	context a("queuer", [&] { j.queue(); });
	join();
	(void)w->flush();
	expect_runs(t, 1, 0);
}

SCENARIO(item_flushes_its_worker)
{
	auto w = worker::run("worker");
	const auto f = [&w] {
		expect(w->flush().error() == errno_t::EDEADLK, "an item of its own cannot");
	};
	work i(must(w), f);
	i.queue();
	(void)i.flush();
}

// Nobody's item waits for a producer that is preempted with another item in its hands.
SCENARIO(queuer_is_held_up, .only_without = true)
{
	auto w = sleeping_worker();
	tally t;
	item i(must(w), t), j(*w, t);
	slow_context a("slow", [&] { i.queue(); });
	j.queue();
	(void)j.flush();
	thaw();
	join();
	(void)i.flush();
	expect_runs(t, 2, 0);
}

SCENARIO(worker_goes)
{
	tally t;
	auto w = worker::run("worker");
	item i(must(w), t);
	int queued = 0;
	context a("queuer", [&] { queued = i.queue(); });
	*w = worker();
	join();
	expect(!i.queue(), "nothing is queued to a worker that has gone");
	expect_runs(t, queued, 0);
}

SCENARIO(worker_that_never_ran_goes)
{
	tally t;
	auto w = worker::create("worker");
	item i(must(w), t);
	int queued = 0;
	context a("queuer", [&] { queued = i.queue(); });
	*w = worker();
	join();
	expect_runs(t, queued, 0);
}

SCENARIO(worker_goes_and_item_goes)
{
	tally t;
	auto w = worker::run("worker");
	auto *i = new (std::nothrow) item(must(w), t);
	i->queue();
	context a("owner", [&] { delete i; });
	*w = worker();
	join();
}

SCENARIO(worker_is_moved)
{
	tally t;
	auto w = worker::run("worker");
	worker other(std::move(must(w)));
	item i(other, t), none(*w, t);
	expect(i.queue() && !none.queue() && none.flush() && !none.cancel(), "one has a worker");
	w = std::move(other);
	expect(bool(w->flush()) && other.flush().error() == errno_t::ESRCH, "moved back");
	expect_runs(t, 1, 0);
}

SCENARIO(worker_fails)
{
	allow_failures(1);
	auto w = worker::run("worker");
	allow_failures(0);
	expect(w || w.error() == errno_t::ENOMEM || w.error() == errno_t::EINTR, "why it fails");
}

namespace
{
// An item that destroys itself as the last thing that it does.
struct dies {
	work<dies> **box;
	std::atomic<bool> *gone;
	void operator()() const
	{
		auto *const tell = gone;
		delete *box;
		tell->store(true, std::memory_order_release);
	}
};

void item_destroys_itself()
{
	std::atomic<bool> gone{false};
	work<dies> *box = nullptr;
	auto w = worker::run("worker");
	box = new (std::nothrow) work<dies>(must(w), dies{&box, &gone});
	context a("queuer", [&] { box->queue(); });
	while (!gone.load(std::memory_order_acquire))
		kernel::usleep_range_state(1000, TASK_UNINTERRUPTIBLE);
	*w = worker();
	join();
}
} // namespace

SCENARIO(item_that_destroys_itself)
{
	item_destroys_itself();
}

// Its address comes back for another item, which is not taken for it.
SCENARIO(item_with_an_address_of_another)
{
	reuse_addresses();
	tally t;
	auto w = worker::run("worker");
	auto *i = new (std::nothrow) item(must(w), t);
	i->queue();
	delete i;
	auto *j = new (std::nothrow) item(*w, t);
	j->queue();
	expect(bool(j->flush()), "flushed");
	const bool ran = t.calls_now() >= 1;
	delete j;
	expect(ran, "the second has run");
}

// One that destroys itself and makes another, which is not taken for it while the run goes on.
SCENARIO(item_that_comes_back_in_its_own_run)
{
	reuse_addresses();
	auto w = worker::run("worker");
	struct comes_back {
		worker *w;
		std::atomic<work<comes_back> *> *there;
		std::atomic<int> *stage;
		void operator()() const
		{
			const comes_back copy = *this;
			delete copy.there->exchange(nullptr);
			copy.there->store(new (std::nothrow) work<comes_back>(*copy.w, copy));
			copy.stage->store(1);
			while (copy.stage->load() != 2)
				kernel::usleep_range_state(1000, TASK_UNINTERRUPTIBLE);
		}
	};
	std::atomic<work<comes_back> *> there{nullptr};
	std::atomic<int> stage{0};
	auto *first = new (std::nothrow) work<comes_back>(must(w), comes_back{&*w, &there, &stage});
	there.store(first);
	first->queue();
	while (!stage.load())
		kernel::usleep_range_state(1000, TASK_UNINTERRUPTIBLE);
	expect(bool(there.load()->flush()), "it is not pending, nor runs");
	stage.store(2);
	*w = worker();
	delete there.load();
}

SCENARIO(item_that_queues_itself_goes)
{
	auto w = worker::run("worker");
	tally t;
	const auto f = [c = counted(t)](work_item &self) {
		c();
		if (c->calls_now() < 3)
			self.queue();
	};
	auto *i = new (std::nothrow) work(must(w), f);
	i->queue();
	delete i;
	expect(bool(w->flush()), "nothing is left of it");
}

SCENARIO(cancel_while_the_worker_is_parked)
{
	auto w = worker::run("worker");
	tally t;
	item i(must(w), t);
	i.queue();
	if (w->park()) {
		const int cancelled = i.cancel();
		expect_runs(t, 1, cancelled);
		expect(bool(w->unpark()), "unparked");
	}
}

SCENARIO(item_that_destroys_another)
{
	auto w = worker::run("worker");
	tally t;
	auto *j = new (std::nothrow) item(must(w), t);
	const auto f = [&j] { delete j; };
	work i(*w, f);
	j->queue();
	i.queue();
	expect(bool(i.flush()), "flushed");
}

SCENARIO(worker_parks)
{
	auto w = worker::run("worker");
	tally t;
	item i(must(w), t);
	context a("parker", [&] {
		if (w->park())
			(void)w->unpark();
	});
	i.queue();
	(void)i.flush();
	expect(t.calls_now() == 1, "has run");
	join();
}

SCENARIO(bind_of_a_worker_that_was_queued_to)
{
	auto w = worker::create("worker");
	tally t;
	item i(must(w), t);
	i.queue();
	expect(w->bind(0).error() == errno_t::EBUSY, "too late");
}

SCENARIO(worker_runs_two)
{
	auto w = worker::run("worker");
	tally t;
	item i(must(w), t), j(*w, t);
	i.queue();
	j.queue();
	(void)w->flush();
	expect_runs(t, 2, 0);
}

SCENARIO(worker_freezes)
{
	auto w = worker::run("worker", {.freezable = true});
	tally t;
	item i(must(w), t);
	i.queue();
	suspend();
	resume();
	(void)i.flush();
	expect_runs(t, 1, 0);
}

SCENARIO(worker_freezes_after_its_item)
{
	auto w = worker::run("worker", {.freezable = true});
	std::atomic<int> stage{0};
	work i(must(w), [&stage](kthread::stop_token stop) {
		stage.store(1);
		stop.sleep_for(3ms);
		stage.store(2);
	});
	i.queue();
	while (!stage.load())
		kernel::usleep_range_state(1000, TASK_UNINTERRUPTIBLE);
	suspend();
	expect(stage.load() == 2, "the item has ended");
	resume();
}
