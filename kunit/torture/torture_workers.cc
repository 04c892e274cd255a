// SPDX-License-Identifier: GPL-2.0
#include "torture.hpp"

#include "kthread/worker.hpp"

namespace torture
{
using kthread::delayed_work;
using kthread::delayed_work_item;
using kthread::work;
using kthread::work_item;
using kthread::worker;

namespace
{
// What is known of an item, from before it is made until after it is gone.
struct item_record {
	std::atomic<unsigned int> generation{0};
	std::atomic<int> alive{0};
	std::atomic<unsigned int> running{0};
	// Of those that may have queued it nobody can tell: mod() does not say.
	std::atomic<unsigned int> queued{0}, maybe_queued{0}, runs{0}, cancelled{0};

	bool count(bool done)
	{
		if (done) {
			++queued;
			torture_count(TORTURE_QUEUED);
		}
		return done;
	}
	void cancel(work_item &item)
	{
		if (item.cancel()) {
			++cancelled;
			torture_count(TORTURE_ITEMS_CANCELLED);
		}
	}

	void destroyed() { CHECK_EQ(running.load(), 0u); }

	void begin()
	{
		CHECK_EQ(running.fetch_add(1), 0u);
		++runs;
		torture_count(TORTURE_RUNS);
	}
	void end() { CHECK_EQ(running.fetch_sub(1), 1u); }

	// When nobody queues it any more. A worker that goes leaves behind what waits for its time.
	void adds_up(bool with_worker) const
	{
		const unsigned int done = runs + cancelled;

		CHECK(done <= queued + maybe_queued);
		if (with_worker)
			CHECK(done >= queued);
	}
	void is_gone()
	{
		CHECK_EQ(alive.load(), 0);
		CHECK_EQ(running.load(), 0u);
		++generation;
		queued = maybe_queued = runs = cancelled = 0;
	}
};

struct shared_item;
void run_shared(shared_item &it, work_item &self, unsigned int run);

struct shared_call {
	probe<item_record> held;
	shared_item *it;

	template <class Item>
	void operator()(Item &self);
};

struct shared_worker {
	gate door;
	worker thread;
	std::atomic<unsigned int> generation{0};

	void make(random &r);
	void park(random &r);
};

// An item that all torturers operate on at once, with a timer or without.
struct shared_item {
	gate door;
	item_record record;
	unsigned long long stream = 0;
	shared_worker *home = nullptr;
	unsigned int home_generation = 0;
	std::unique_ptr<work<shared_call>> plain;
	std::unique_ptr<delayed_work<shared_call>> delayed;

	~shared_item() { drop(); }

	[[nodiscard]] work_item *get()
	{
		return delayed ? static_cast<work_item *>(delayed.get()) : plain.get();
	}
	[[nodiscard]] bool has_home() const { return home->generation == home_generation; }

	void make(random &r);
	void drop(bool cancel = true);
};

template <class Item>
void shared_call::operator()(Item &self)
{
	item_record &record = held.alive();

	record.begin();
	run_shared(*it, self, record.runs);
	record.end();
}

constexpr unsigned int workers_count = 2, items_count = 8;

struct work_torture {
	shared_worker workers[workers_count];
	shared_item items[items_count];

	// Destroyed in reverse, the workers last; in the torture they go first as often.
	~work_torture() = default;
};
work_torture *shared;

// From the thread of its worker, which must not wait for another.
void run_shared(shared_item &it, work_item &self, unsigned int run)
{
	random r(it.stream, 0, run);

	if (r.one_in(4))
		r.nap(500);
	if (r.one_in(4))
		it.record.count(self.queue());
	if (r.one_in(16)) {
		CHECK_ERROR(self.flush(), errno_t::EDEADLK);
	}
	if (r.one_in(16))
		it.record.cancel(self);
	if (r.one_in(8)) {
		const try_visit inside(it.home->door);

		if (inside && it.has_home())
			CHECK_ERROR(it.home->thread.flush(), errno_t::EDEADLK);
	}

	shared_item &other = shared->items[r.below(items_count)];
	if (&other == &it || !r.one_in(4))
		return;
	const try_visit inside(other.door);
	if (!inside || !other.get())
		return;
	if (r.one_in(2))
		other.record.count(other.get()->queue());
	// Two workers' items that cancel each other would wait for each other.
	else if (other.home == it.home && other.has_home() && it.has_home())
		other.record.cancel(*other.get());
}

void shared_worker::make(random &r)
{
	const kthread::worker_options options = {.freezable = r.one_in(2), .node = BRIDGE_NO_NODE};

	++generation;
	if (r.one_in(4))
		thread = {};
	auto made = r.one_in(2) ? worker::create("torture/worker", options)
				: worker::run("torture/worker", options);
	if (!CHECK(is_one_of(made, errno_t::ENOMEM)) || !made) {
		thread = {};
		return;
	}
	thread = std::move(*made);
	torture_count(TORTURE_WORKERS);
}

void shared_worker::park(random &r)
{
	const auto done = thread.park();

	CHECK(is_one_of(done, errno_t::EBUSY, errno_t::ESRCH));
	r.nap(2000);
	if (done)
		CHECK(is_one_of(thread.unpark(), errno_t::EINVAL, errno_t::ESRCH));
}

void shared_item::drop(bool cancel)
{
	work_item *const item = get();

	if (!item)
		return;
	if (cancel) {
		record.cancel(*item);
		CHECK_EQ(record.running.load(), 0u);
		record.adds_up(has_home());
	}
	plain.reset();
	delayed.reset();
	record.is_gone();
}

void shared_item::make(random &r)
{
	drop(r.one_in(2));
	stream = r.next();
	home = &shared->workers[r.below(workers_count)];

	const visit inside(home->door);
	home_generation = home->generation;
	if (r.one_in(2))
		plain.reset(new (std::nothrow) work(home->thread,
						    shared_call{probe<item_record>(record), this}));
	else
		delayed.reset(new (std::nothrow) delayed_work(
			home->thread, shared_call{probe<item_record>(record), this}));
}

// Mostly soon, and at times so late that only a flush or a cancel can end it.
std::chrono::nanoseconds delay(random &r)
{
	return r.one_in(8) ? forever : std::chrono::microseconds(r.below(3000));
}

void queue(shared_item &it)
{
	it.record.count(it.get()->queue());
}

void queue_after(shared_item &it, random &r)
{
	if (it.delayed)
		it.record.count(it.delayed->queue_after(delay(r)));
	else
		queue(it);
}

void mod(shared_item &it, random &r)
{
	if (!it.delayed)
		return queue(it);
	// Before, as it may have run before mod() returns.
	++it.record.maybe_queued;
	if (it.delayed->mod(delay(r)))
		--it.record.maybe_queued;
}

// Time and again while the thread takes it, runs it, or is about to sleep.
void queue_often(shared_item &it, random &r)
{
	for (unsigned int i = r.below(30); i; --i) {
		queue(it);
		r.spin();
		if (r.one_in(4))
			CHECK_ERROR(it.get()->flush(), errno_t{});
		else
			it.record.cancel(*it.get());
	}
}

constexpr operation<shared_item> item_operations[] = {
	{15, "shared item: queue often", queue_often},
	{25, "shared item: queue", [](shared_item &it, random &) { queue(it); }},
	{15, "shared item: queue_after", queue_after},
	{15, "shared item: mod", mod},
	{15, "shared item: cancel", [](shared_item &it, random &) { it.record.cancel(*it.get()); }},
	{15, "shared item: flush",
	 [](shared_item &it, random &) { CHECK_ERROR(it.get()->flush(), errno_t{}); }},
};

constexpr operation<shared_worker> worker_operations[] = {
	{4, "shared worker: flush",
	 [](shared_worker &it, random &) { CHECK(is_one_of(it.thread.flush(), errno_t::ESRCH)); }},
	{4, "shared worker: park", [](shared_worker &it, random &r) { it.park(r); }},
	{2, "shared worker: unpark",
	 [](shared_worker &it, random &) {
		 CHECK(is_one_of(it.thread.unpark(), errno_t::EINVAL, errno_t::ESRCH));
	 }},
	{2, "shared worker: wake", [](shared_worker &it, random &) { it.thread.wake(); }},
};
} // namespace

bool make_shared_work()
{
	shared = new (std::nothrow) work_torture;
	if (!shared)
		return false;
	for (shared_item &it : shared->items)
		it.home = &shared->workers[0];
	return true;
}

void destroy_shared_work()
{
	delete shared;
}

void torture_shared_work(torturer &self, random &r)
{
	const unsigned int what = r.below(100);

	if (what < 8) {
		shared_item &it = shared->items[r.below(items_count)];

		self.does("shared item: make");
		const possession alone(it.door);

		it.make(r);
	} else if (what < 9) {
		shared_worker &it = shared->workers[r.below(workers_count)];

		self.does("shared worker: make");
		const possession alone(it.door);

		it.make(r);
	} else if (what < 18) {
		shared_worker &it = shared->workers[r.below(workers_count)];
		const auto &operation = r.choose(worker_operations);

		self.does(operation.name);
		const visit inside(it.door);

		operation.call(it, r);
	} else {
		shared_item &it = shared->items[r.below(items_count)];
		const auto &operation = r.choose(item_operations);

		self.does(operation.name);
		const visit inside(it.door);

		if (it.get())
			operation.call(it, r);
	}
}

void interrupt_shared_work(random &r)
{
	shared_item &it = shared->items[r.below(items_count)];
	const try_visit inside(it.door);

	if (!inside || !it.get())
		return;
	if (r.one_in(2))
		queue(it);
	else
		queue_after(it, r);
}

namespace
{
constexpr unsigned int own_count = 8;

// Of items that one context alone queues, in the order of their numbers.
struct own_items {
	std::atomic<unsigned int> generation{0};
	std::atomic<int> alive{0};
	std::atomic<unsigned int> running{0}, runs{0};
	std::atomic<unsigned int> last{0};

	void destroyed() { CHECK_EQ(running.load(), 0u); }
	void run(unsigned int number)
	{
		torture_count(TORTURE_RUNS);
		CHECK_EQ(running.fetch_add(1), 0u);
		CHECK(last.exchange(number) < number);
		++runs;
		CHECK_EQ(running.fetch_sub(1), 1u);
	}
};

struct own_call {
	probe<own_items> held;
	unsigned int number;

	void operator()() { held.alive().run(number); }
};

// Made for one run, and gone at its end.
struct one_shot_call {
	probe<own_items> held;
	std::unique_ptr<work<one_shot_call>> *owner;

	void operator()()
	{
		++held.alive().runs;
		delete owner->release();
	}
};
} // namespace

void torture_own_worker(torturer &self, random &r)
{
	using own_work = work<own_call>;
	own_items items;
	std::unique_ptr<own_work> works[own_count];
	std::unique_ptr<work<one_shot_call>> one_shot;
	unsigned int queued = 0;

	self.does("own worker: make");
	auto made = r.one_in(2) ? worker::create("torture/own", {.freezable = r.one_in(2)})
				: worker::run("torture/own");
	if (!CHECK(is_one_of(made, errno_t::ENOMEM)) || !made)
		return;
	torture_count(TORTURE_WORKERS);
	auto its = std::move(*made);

	for (unsigned int i = 0; i < own_count; ++i)
		works[i].reset(new (std::nothrow)
				       own_work(its, own_call{probe<own_items>(items), i + 1}));
	const auto queue_some = [&] {
		items.last = 0;
		for (const auto &item : works) {
			if (item && !r.one_in(4) && item->queue())
				++queued;
		}
	};

	self.does("own worker: queue");
	queue_some();
	if (r.one_in(2)) {
		self.does("own worker: flush");
		CHECK_ERROR(its.flush(), errno_t{});
		CHECK_EQ(items.runs.load(), queued);
		if (r.one_in(2)) {
			self.does("own worker: park");
			CHECK_ERROR(its.park(), errno_t{});
			queue_some();
			const unsigned int before = items.runs;
			r.nap(1000);
			CHECK_EQ(items.runs.load(), before);
			self.does("own worker: cancel");
			if (works[0] && works[0]->cancel())
				--queued;
			CHECK_EQ(items.runs.load(), before);
			if (r.one_in(2)) {
				CHECK_ERROR(its.unpark(), errno_t{});
				CHECK_ERROR(its.flush(), errno_t{});
				CHECK_EQ(items.runs.load(), queued);
			}
		} else {
			queue_some();
		}
	}
	if (r.one_in(2)) {
		self.does("own worker: one shot");
		one_shot.reset(new (std::nothrow) work<one_shot_call>(
			its, one_shot_call{probe<own_items>(items), &one_shot}));
		if (one_shot && CHECK(one_shot->queue()))
			++queued;
	}
	self.does("own worker: drop");
	if (r.one_in(2)) {
		const worker moved(std::move(its));

		CHECK_EQ(its.pid(), 0);
		r.nap(1000);
	} else {
		its = {};
	}
	CHECK_EQ(items.runs.load(), queued);
	CHECK(!one_shot);
	for (const auto &item : works) {
		if (!item)
			continue;
		CHECK(!item->queue());
		CHECK(!item->cancel());
		CHECK_ERROR(item->flush(), errno_t{});
	}
	for (auto &item : works)
		item.reset();
	CHECK_EQ(items.alive.load(), 0);
}
} // namespace torture
