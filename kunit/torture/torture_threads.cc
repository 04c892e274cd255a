// SPDX-License-Identifier: GPL-2.0
//
// Threads that one context alone operates on, which knows what each call has to return.
#include "torture_records.hpp"

namespace torture
{
using kthread::static_jthread;

namespace
{
const char *const cpu_lists[] = {"0", "0-1", "1", "9-x"};

// A thread that one context alone operates on, which knows how far it is.
struct own_thread {
	thread_record *record = nullptr;
	bool started = false, stop_asked = false, parked = false, joined = false;
	bool never_runs = false, bound = false;
	thread_progress last = thread_progress::none;
	bool fixed = false;
	jthread movable;
	static_jthread<> in_place;

	[[nodiscard]] thread_handle &handle()
	{
		return fixed ? static_cast<thread_handle &>(in_place) : movable;
	}
	[[nodiscard]] bool occupied() { return has_thread(handle()); }

	// May it be waited for without a stop?
	[[nodiscard]] bool ends() const
	{
		return record->planned.ends() || stop_asked || !started || joined;
	}

	void forget() { started = stop_asked = parked = joined = never_runs = bound = false; }

	void swap_state(own_thread &other)
	{
		std::swap(record, other.record);
		std::swap(started, other.started);
		std::swap(stop_asked, other.stop_asked);
		std::swap(parked, other.parked);
		std::swap(joined, other.joined);
		std::swap(never_runs, other.never_runs);
		std::swap(bound, other.bound);
		std::swap(last, other.last);
	}

	void stops()
	{
		never_runs |= !started;
		started = stop_asked = true;
	}

	void is_gone()
	{
		if (never_runs || !started)
			CHECK_EQ(record->runs.load(), 0u);
		record->is_gone();
		forget();
		last = thread_progress::none;
	}
};
} // namespace

struct thread_torture {
	static constexpr unsigned int count = 5;

	thread_record records[count + 1];
	thread_record *spare = &records[count];
	own_thread threads[count];

	thread_torture()
	{
		for (unsigned int i = 0; i < count; ++i)
			threads[i].record = &records[i];
		threads[0].fixed = true;
	}
	~thread_torture()
	{
		for (own_thread &thread : threads)
			drop(thread);
	}

	void drop(own_thread &thread, bool by_move = false)
	{
		if (!thread.occupied())
			return;
		if (thread.fixed) {
			thread.in_place.reset();
		} else if (by_move) {
			const jthread last(std::move(thread.movable));

			CHECK(!has_thread(thread.movable));
		} else {
			thread.movable = {};
		}
		thread.is_gone();
	}
	void make(own_thread &thread, random &r);
	void move(own_thread &from, own_thread &to, random &r);
};

void thread_torture::make(own_thread &thread, random &r)
{
	const bool run = r.one_in(2), kill = r.one_in(16);
	const auto name = kthread::name("own/%u", r.below(1000));
	const int node = r.one_in(2) ? 0 : BRIDGE_NO_NODE;
	const bool occupied = thread.occupied();
	result<void> made;

	spare->prepare(plan(r));
	if (kill)
		torture_kill();
	if (thread.fixed) {
		made = run ? thread.in_place.run(name, body(*spare), node)
			   : thread.in_place.create(name, body(*spare), node);
	} else {
		auto created = run ? jthread::run(name, body(*spare), node)
				   : jthread::create(name, body(*spare), node);
		if (kill)
			torture_revive();
		if (!created)
			made = std::unexpected(created.error());
		else
			thread.movable = std::move(*created);
	}
	if (kill)
		torture_revive();
	if (!made) {
		if (occupied && thread.fixed)
			CHECK_EQ(made.error(), errno_t::EBUSY);
		else
			CHECK(kill ? made.error() == errno_t::EINTR
				   : made.error() == errno_t::ENOMEM);
		CHECK_EQ(spare->runs.load(), 0u);
		spare->is_gone();
		if (kill)
			torture_count(TORTURE_KILLED);
		return;
	}
	CHECK(!occupied || !thread.fixed);
	if (occupied)
		thread.is_gone();
	torture_count(TORTURE_CREATED);
	std::swap(thread.record, spare);
	thread.started = run;
}

void thread_torture::move(own_thread &from, own_thread &to, random &r)
{
	if (from.fixed || to.fixed)
		return;
	if (&from == &to) {
		const int pid = from.movable.pid();
		jthread &same = to.movable;

		from.movable = std::move(same);
		CHECK_EQ(from.movable.pid(), pid);
		return;
	}
	if (r.one_in(2)) {
		std::swap(from.movable, to.movable);
		from.swap_state(to);
		return;
	}
	const bool occupied = to.occupied();

	to.movable = std::move(from.movable);
	if (occupied)
		to.is_gone();
	to.swap_state(from);
	CHECK(!from.occupied());
}

thread_torture *make_thread_torture()
{
	return new (std::nothrow) thread_torture;
}

void destroy(thread_torture *threads)
{
	delete threads;
}

namespace
{
void park(own_thread &thread)
{
	const auto done = thread.handle().park();

	if (thread.joined) {
		CHECK_ERROR(done, errno_t::ESRCH);
		return;
	}
	if (thread.parked) {
		CHECK_ERROR(done, errno_t::EBUSY);
		return;
	}
	thread.started = true;
	if (done) {
		torture_count(TORTURE_PARKED);
		thread.parked = true;
		CHECK_EQ(thread.handle().state(), 'P');
	} else {
		CHECK_EQ(done.error(), errno_t::ESRCH);
		CHECK(thread.record->planned.ends() || thread.stop_asked);
	}
}

void unpark(own_thread &thread)
{
	const auto done = thread.handle().unpark();

	CHECK_ERROR(done, thread.joined   ? errno_t::ESRCH
			  : thread.parked ? errno_t{}
					  : errno_t::EINVAL);
	thread.parked = false;
}

void stay_parked(own_thread &thread, random &r)
{
	park(thread);
	if (!thread.parked)
		return;
	const auto beats = thread.record->beats.load();

	r.nap(2000);
	if (r.one_in(2))
		thread.handle().wake();
	if (r.one_in(8)) {
		thread.handle().request_stop();
		thread.stop_asked = true;
	}
	r.nap(1000);
	CHECK_EQ(thread.record->beats.load(), beats);
	CHECK_EQ(thread.handle().state(), 'P');
}

// Time and again on its way into a sleep.
void park_often(own_thread &thread, random &r)
{
	for (unsigned int i = r.below(30); i; --i) {
		park(thread);
		unpark(thread);
		r.spin();
	}
}

void bind(own_thread &thread, random &r)
{
	const bool list = r.one_in(2);
	const unsigned int which = r.below(4);
	constexpr unsigned int cpus[] = {0, 0, 1, 99};
	const bool may =
		!thread.joined && (!thread.started || (thread.parked && thread.bound && list));
	const auto done = list ? thread.handle().bind_list(cpu_lists[which])
			       : thread.handle().bind(cpus[which]);

	if (!may) {
		CHECK_ERROR(done, errno_t::EBUSY);
		return;
	}
	if (which == 3)
		CHECK_ERROR(done, errno_t::EINVAL);
	else if (which == 2) // may be offline
		CHECK(is_one_of(done, errno_t::EINVAL));
	else
		CHECK_ERROR(done, errno_t{});
	if (done) {
		thread.bound = true;
		thread.record->on_cpu_0 = which == 0 || (which == 1 && !list);
	}
}

void peek(own_thread &thread)
{
	const auto now = thread.handle().progress();

	CHECK(now >= thread.last);
	CHECK(now != thread_progress::none);
	CHECK(thread.started || now == thread_progress::created);
	CHECK(!thread.joined || now >= thread_progress::returned);
	CHECK(thread.handle().pid() > 0);
	CHECK(thread.handle().cpu() < 64);
	thread.last = now;
}

void join(own_thread &thread, bool stop)
{
	if (!stop && !thread.started)
		thread.stops();
	if (stop)
		thread.stops();
	thread.record->is_result(stop ? thread.handle().stop() : thread.handle().join());
	thread.joined = true;
	thread.parked = false;
	if (thread.never_runs)
		CHECK_EQ(thread.record->runs.load(), 0u);
}
// The thread consumes each item soon, also one that comes while it is on its way into its sleep.
void feed_and_wait(own_thread &thread, random &r)
{
	thread_record &record = *thread.record;
	const bool wakes = record.planned.what == habit::waits;
	const bool consumes = wakes || record.planned.what == habit::waits_in_queue;

	for (unsigned int i = r.below(30); i; --i) {
		feed(thread.handle(), record, 1);
		thread.started |= wakes;
		if (!consumes || !thread.started || thread.stop_asked || thread.parked)
			return;
		r.spin();
		if (!CHECK(eventually([&] { return record.consumed == record.produced; })))
			return;
		torture_count(TORTURE_WOKEN);
	}
}

void set_beat(own_thread &thread, random &r)
{
	if (r.one_in(2))
		thread.record->every.restart();
	else
		CHECK(thread.record->every.set_period(some_time(r)).has_value());
	thread.handle().wake();
	thread.started = true;
}

void get(own_thread &thread)
{
	if (thread.joined)
		thread.record->is_result(thread.handle().get());
	else
		thread.record->may_have_result(thread.handle());
}

// Without a join, from the moment that there is a result.
void await(own_thread &thread)
{
	const auto awake = steady_clock::now() + 1ms;
	const auto has_ended = [&] {
		const auto got = thread.handle().get();
		const bool ended = got || got.error() != errno_t::EAGAIN;

		if (ended)
			thread.record->is_result(got);
		return ended;
	};

	thread.handle().request_stop();
	thread.stops();
	if (thread.parked)
		return;
	while (steady_clock::now() < awake) {
		if (has_ended())
			return;
	}
	CHECK(eventually(has_ended));
}

constexpr operation<own_thread> own_operations[] = {
	{12, "own thread: wake",
	 [](own_thread &thread, random &) {
		 thread.handle().wake();
		 thread.started = true;
	 }},
	{5, "own thread: request_stop",
	 [](own_thread &thread, random &) {
		 thread.handle().request_stop();
		 thread.stops();
	 }},
	{5, "own thread: stop", [](own_thread &thread, random &) { join(thread, true); }},
	{5, "own thread: join", [](own_thread &thread, random &) { join(thread, !thread.ends()); }},
	{6, "own thread: stay parked", stay_parked},
	{8, "own thread: park often", park_often},
	{10, "own thread: unpark", [](own_thread &thread, random &) { unpark(thread); }},
	{14, "own thread: feed", feed_and_wait},
	{3, "own thread: set the beat", set_beat},
	{5, "own thread: bind", bind},
	{4, "own thread: schedule",
	 [](own_thread &thread, random &r) { set_scheduling(thread.handle(), r, true); }},
	{4, "own thread: peek", [](own_thread &thread, random &) { peek(thread); }},
	{4, "own thread: await", [](own_thread &thread, random &) { await(thread); }},
	{4, "own thread: get", [](own_thread &thread, random &) { get(thread); }},
};
} // namespace

void torture_own_thread(torturer &self, thread_torture &all, random &r)
{
	own_thread &thread = all.threads[r.below(all.count)];
	const unsigned int what = r.below(100);

	if (what < 18) {
		self.does("own thread: make");
		all.make(thread, r);
	} else if (what < 22) {
		self.does("own thread: drop");
		all.drop(thread, r.one_in(2));
	} else if (what < 27) {
		self.does("own thread: move");
		all.move(thread, all.threads[r.below(all.count)], r);
	} else {
		const auto &operation = r.choose(own_operations);

		self.does(operation.name);
		if (thread.occupied())
			operation.call(thread, r);
		else
			is_empty(thread.handle(), r);
	}
	if (r.one_in(3))
		r.nap(1000);
}
} // namespace torture
