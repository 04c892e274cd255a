// SPDX-License-Identifier: GPL-2.0
#include "torture.hpp"

#include "kthread/jthread_group.hpp"
#include "kthread/ticker.hpp"

namespace torture
{
using kthread::jthread;
using kthread::static_jthread;
using kthread::thread_handle;
using kthread::thread_progress;
using kthread::ticker;

namespace
{
// What a body does.
enum class habit {
	// These end by themselves.
	returns,
	naps,
	yields,
	has_child,
	asks, // its own handle, for what a thread must not do to itself
	// These do not, but for a stop.
	sleeps,
	waits,
	waits_in_queue,
	ticks,
};

// What loses wake-ups if anything does comes more often.
constexpr habit habits[] = {
	habit::returns,        habit::naps,   habit::yields, habit::has_child,
	habit::asks,           habit::ticks,  habit::waits,  habit::waits_in_queue,
	habit::sleeps,         habit::waits,  habit::waits,  habit::waits_in_queue,
	habit::waits_in_queue, habit::sleeps,
};

// Seldom so short that a thread never sleeps.
std::chrono::nanoseconds some_time(random &r)
{
	return std::chrono::microseconds(r.one_in(16) ? 1 : 500 + r.below(2500));
}

struct plan {
	habit what = habit::returns;
	int code = 0;
	unsigned int count = 0;
	std::chrono::nanoseconds time{1};
	bool freezable = false;

	plan() = default;
	explicit plan(random &r)
		: what(habits[r.below(sizeof(habits) / sizeof(*habits))]),
		  code(static_cast<int>(r.next())), count(1 + r.below(8)), time(some_time(r)),
		  freezable(r.one_in(4))
	{
	}
	[[nodiscard]] bool ends() const { return what < habit::sleeps; }
};

// What is known of a thread, from before its handle is made until after it is gone.
struct thread_record {
	std::atomic<unsigned int> generation{0};
	std::atomic<int> alive{0};
	std::atomic<unsigned int> runs{0}, running{0}, ended{0};
	std::atomic<unsigned long long> beats{0};
	std::atomic<unsigned int> produced{0}, consumed{0};
	std::atomic<bool> on_cpu_0{false};
	std::atomic<bool> stop_asked{false};
	std::atomic<long long> outcome{unknown};
	kthread::wait_queue queue;
	ticker every{1ns};
	plan planned;
	// Of shared threads.
	thread_handle *handle = nullptr;
	gate *door = nullptr;

	void prepare(const plan &p)
	{
		planned = p;
		planned.freezable &= p.what != habit::has_child;
		runs = ended = 0;
		beats = 0;
		produced = consumed = 0;
		on_cpu_0 = stop_asked = false;
		outcome = unknown;
		every.~ticker();
		new (&every) ticker(p.time);
	}

	// After the handle is gone, and everything with it.
	void is_gone()
	{
		CHECK_EQ(alive.load(), 0);
		CHECK_EQ(running.load(), 0u);
		CHECK(runs.load() <= 1);
		CHECK_EQ(ended.load(), runs.load());
		++generation;
	}

	// From the destructor of what is called.
	void destroyed() { CHECK_EQ(running.load(), 0u); }

	void beat()
	{
		++beats;
		CHECK_EQ(running.load(), 1u);
		if (on_cpu_0)
			CHECK_EQ(torture_cpu(), 0u);
	}

	// All who ask hear the same.
	void is_result(const result<int> &got)
	{
		if (got) {
			CHECK_EQ(*got, planned.code);
			CHECK_EQ(runs.load(), 1u);
			CHECK_EQ(ended.load(), 1u);
		} else {
			CHECK_EQ(got.error(), errno_t::EINTR);
			CHECK_EQ(runs.load(), 0u);
		}
		const long long now = got ? *got : cancelled;
		long long before = unknown;

		if (!outcome.compare_exchange_strong(before, now))
			CHECK_EQ(before, now);
		else if (!got)
			torture_count(TORTURE_CANCELLED);
	}

	void may_have_result(const thread_handle &thread)
	{
		const long long before = outcome.load();
		const auto got = thread.get();

		if (got || got.error() != errno_t::EAGAIN)
			is_result(got);
		else
			CHECK_EQ(before, unknown);
	}

	int run(stop_token stop);

private:
	static constexpr long long unknown = 1ll << 40, cancelled = 1ll << 41;

	void ask();
	void have_child(stop_token stop);
};

int thread_record::run(stop_token stop)
{
	torture_count(TORTURE_STARTED);
	CHECK_EQ(runs.fetch_add(1), 0u);
	CHECK_EQ(running.fetch_add(1), 0u);
	if (planned.freezable)
		stop.set_freezable();
	beat();

	const auto over = steady_clock::now() + planned.time;
	steady_clock::time_point last_due;
	switch (planned.what) {
	case habit::naps:
		for (unsigned int i = 0; i < planned.count && !stop.stop_requested(); ++i) {
			const auto due = steady_clock::now() + planned.time;

			if (stop.sleep_until(due))
				CHECK(steady_clock::now() >= due);
			beat();
		}
		break;
	case habit::yields:
		while (steady_clock::now() < over && stop.yield())
			beat();
		break;
	case habit::has_child:
		have_child(stop);
		break;
	case habit::asks:
		ask();
		break;
	case habit::sleeps:
		while (!stop.stop_requested()) {
			CHECK(!stop.sleep_for(forever));
			beat();
		}
		break;
	case habit::waits:
		while (stop.wait([this] { return produced.load() != consumed.load(); })) {
			++consumed;
			beat();
		}
		break;
	case habit::waits_in_queue:
		while (stop.wait(queue, [this] { return produced.load() != consumed.load(); })) {
			++consumed;
			beat();
		}
		break;
	case habit::ticks:
		while (every.wait(stop)) {
			CHECK(every.due() <= steady_clock::now());
			CHECK(every.due() >= last_due);
			CHECK(every.late() >= 0ns);
			last_due = every.due();
			beat();
		}
		break;
	default:
		break;
	}
	if (!planned.ends())
		CHECK(stop.stop_requested());
	CHECK_EQ(running.fetch_sub(1), 1u);
	++ended;
	return planned.code;
}

void thread_record::ask()
{
	if (!door)
		return;
	const try_visit inside(*door);
	if (!inside)
		return;
	CHECK_ERROR(handle->stop(), errno_t::EDEADLK);
	CHECK_ERROR(handle->join(), errno_t::EDEADLK);
	CHECK_ERROR(handle->park(), errno_t::EDEADLK);
	CHECK_ERROR(handle->unpark(), errno_t::EINVAL);
	CHECK_ERROR(handle->get(), errno_t::EAGAIN);
	CHECK_EQ(handle->progress(), thread_progress::running);
	CHECK_EQ(handle->pid(), bridge_task_pid(bridge_current()));
}

void thread_record::have_child(stop_token stop)
{
	std::atomic<unsigned int> started{0}, ended{0};
	auto child = jthread::create("torture/child", [&](stop_token child_stop) {
		++started;
		child_stop.sleep_for(planned.time);
		++ended;
		return 1;
	});
	if (!CHECK(is_one_of(child, errno_t::ENOMEM)) || !child)
		return;
	if (planned.count % 4)
		child->wake();
	stop.sleep_for(planned.time / 2);
	beat();
	if (planned.count % 2)
		*child = {};
	else
		CHECK(is_one_of(child->stop(), errno_t::EINTR));
	CHECK(started.load() <= 1);
	CHECK_EQ(ended.load(), started.load());
}

struct body {
	probe<thread_record> held;

	explicit body(thread_record &record) : held(record) {}
	int operator()(stop_token stop) { return held.alive().run(stop); }
};

const char *const cpu_lists[] = {"0", "0-1", "1", "9-x"};

void set_scheduling(thread_handle &thread, random &r, bool joinable)
{
	const int nice = static_cast<int>(r.below(50)) - 25;
	const bool valid = nice >= -20 && nice <= 19;
	const auto expected = !joinable ? errno_t::ESRCH : valid ? errno_t{} : errno_t::EINVAL;

	if (r.one_in(2))
		CHECK_EQ((r.one_in(2) ? thread.set_fifo() : thread.set_fifo_low()).has_value(),
			 joinable);
	else
		CHECK_ERROR(thread.set_nice(nice), expected);
	CHECK_ERROR(thread.set_normal(nice), expected);
	// What never sleeps must not keep all others off its CPU.
	if (!valid)
		(void)thread.set_normal(0);
}

void is_empty(thread_handle &thread, random &r)
{
	constexpr auto none = errno_t::ESRCH;

	CHECK(!thread.joinable());
	CHECK(!thread.wake());
	thread.request_stop();
	CHECK_ERROR(thread.join(), none);
	CHECK_ERROR(thread.stop(), none);
	CHECK_ERROR(thread.get(), none);
	CHECK_ERROR(thread.park(), none);
	CHECK_ERROR(thread.unpark(), none);
	CHECK_ERROR(thread.bind(0), none);
	CHECK_ERROR(thread.bind_list("0"), none);
	CHECK_EQ(thread.progress(), thread_progress::none);
	CHECK_EQ(thread.pid(), 0);
	CHECK_EQ(thread.state(), '\0');
	set_scheduling(thread, r, false);
}

// A thread that one context alone operates on, which knows how far it is.
struct own_thread {
	thread_record *record = nullptr;
	bool started = false, stop_asked = false, parked = false, joined = false;
	bool never_runs = false;
	thread_progress last = thread_progress::none;
	bool fixed = false;
	jthread movable;
	static_jthread<> in_place;

	[[nodiscard]] thread_handle &handle()
	{
		return fixed ? static_cast<thread_handle &>(in_place) : movable;
	}
	[[nodiscard]] bool joinable() { return handle().joinable(); }

	// May it be waited for without a stop?
	[[nodiscard]] bool ends() const
	{
		return record->planned.ends() || stop_asked || !started || joined;
	}

	void forget() { started = stop_asked = parked = joined = never_runs = false; }

	void swap_state(own_thread &other)
	{
		std::swap(record, other.record);
		std::swap(started, other.started);
		std::swap(stop_asked, other.stop_asked);
		std::swap(parked, other.parked);
		std::swap(joined, other.joined);
		std::swap(never_runs, other.never_runs);
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
		if (!thread.joinable())
			return;
		if (thread.fixed) {
			thread.in_place.reset();
		} else if (by_move) {
			const jthread last(std::move(thread.movable));

			CHECK(!thread.movable.joinable());
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
	const bool occupied = thread.joinable();
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
	const bool occupied = to.joinable();

	to.movable = std::move(from.movable);
	if (occupied)
		to.is_gone();
	to.swap_state(from);
	CHECK(!from.joinable());
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

void feed(thread_handle &handle, thread_record &record, unsigned int count)
{
	for (unsigned int i = 0; i < count; ++i) {
		++record.produced;
		if (record.planned.what == habit::waits)
			handle.wake();
		else
			record.queue.notify_all();
	}
}

void bind(own_thread &thread, random &r)
{
	const bool list = r.one_in(2);
	const unsigned int which = r.below(4);
	constexpr unsigned int cpus[] = {0, 0, 1, 99};
	const bool may = !thread.joined && (!thread.started || (thread.parked && list));
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
	if (done)
		thread.record->on_cpu_0 = which == 0 || (which == 1 && !list);
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
// What is produced is consumed, soon, also when the thread is on its way into its sleep.
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
		if (thread.joinable())
			operation.call(thread, r);
		else
			is_empty(thread.handle(), r);
	}
	if (r.one_in(3))
		r.nap(1000);
}

namespace
{
// A thread that all torturers operate on at once.
struct shared_thread {
	gate door;
	thread_record record;
	jthread thread;
	std::atomic<unsigned int> releases{0}, releasing{0};

	shared_thread()
	{
		record.handle = &thread;
		record.door = &door;
	}
	~shared_thread() { drop(); }

	void drop()
	{
		if (!thread.joinable())
			return;
		thread = {};
		record.is_gone();
	}
	void make(random &r);
	void park(random &r);

	template <class Call>
	auto release(Call call)
	{
		++releasing;
		++releases;
		auto done = call();
		--releasing;
		return done;
	}

	void request_stop()
	{
		thread.request_stop();
		record.stop_asked = true;
	}
	void stop()
	{
		record.is_result(release([this] { return thread.stop(); }));
		record.stop_asked = true;
	}
	void join()
	{
		if (record.planned.ends() || record.stop_asked)
			record.is_result(release([this] { return thread.join(); }));
		else
			stop();
	}
	// Others may have done so already.
	void unpark()
	{
		CHECK(is_one_of(release([this] { return thread.unpark(); }), errno_t::EINVAL,
				errno_t::ESRCH));
	}
};

void shared_thread::make(random &r)
{
	drop();
	record.prepare(plan(r));
	auto made = jthread::create(kthread::name("shared/%u", r.below(1000)), body(record));
	if (!made) {
		CHECK_EQ(made.error(), errno_t::ENOMEM);
		record.is_gone();
		return;
	}
	torture_count(TORTURE_CREATED);
	thread = std::move(*made);
	if (r.one_in(8)) {
		record.on_cpu_0 = true;
		CHECK_ERROR(thread.bind(0), errno_t{});
	}
	if (r.one_in(2))
		thread.wake();
}

void shared_thread::park(random &r)
{
	// One that comes later is counted later, too.
	const auto released = releases.load();
	const bool alone = !releasing.load();
	const auto done = thread.park();

	if (!done) {
		CHECK(is_one_of(done, errno_t::EBUSY, errno_t::ESRCH));
		return;
	}
	torture_count(TORTURE_PARKED);
	if (alone) {
		const auto beats = record.beats.load();

		r.nap(2000);
		const auto now = record.beats.load();
		if (releases.load() == released)
			CHECK_EQ(now, beats);
	}
	// Perhaps nobody else will, and others join it.
	unpark();
}

constexpr unsigned int shared_count = 4;
shared_thread *shared;
} // namespace

bool make_shared_threads()
{
	shared = new (std::nothrow) shared_thread[shared_count];
	return shared;
}

void destroy_shared_threads()
{
	delete[] shared;
}

namespace
{
constexpr operation<shared_thread> shared_operations[] = {
	{12, "shared thread: wake", [](shared_thread &it, random &) { it.thread.wake(); }},
	{10, "shared thread: request_stop", [](shared_thread &it, random &) { it.request_stop(); }},
	{15, "shared thread: join", [](shared_thread &it, random &) { it.join(); }},
	{10, "shared thread: stop", [](shared_thread &it, random &) { it.stop(); }},
	{15, "shared thread: park", [](shared_thread &it, random &r) { it.park(r); }},
	{5, "shared thread: unpark", [](shared_thread &it, random &) { it.unpark(); }},
	{8, "shared thread: feed",
	 [](shared_thread &it, random &r) {
		 feed(it.thread, it.record, 1 + r.below(5));
		 CHECK(it.record.every.set_period(some_time(r)).has_value());
	 }},
	{4, "shared thread: schedule",
	 [](shared_thread &it, random &r) { set_scheduling(it.thread, r, true); }},
	{8, "shared thread: get",
	 [](shared_thread &it, random &) {
		 const auto before = it.thread.progress();

		 it.record.may_have_result(it.thread);
		 CHECK(it.thread.progress() >= before);
		 CHECK(it.thread.pid() > 0);
	 }},
};
} // namespace

void torture_shared_thread(torturer &self, random &r)
{
	shared_thread &it = shared[r.below(shared_count)];
	const unsigned int what = r.below(100);

	if (what < 10) {
		self.does("shared thread: make");
		const possession alone(it.door);

		it.make(r);
	} else if (what < 12) {
		self.does("shared thread: move");
		const possession alone(it.door);
		jthread other(std::move(it.thread));

		CHECK(!it.thread.joinable());
		it.thread = std::move(other);
	} else {
		const auto &operation = r.choose(shared_operations);

		self.does(operation.name);
		const visit inside(it.door);

		if (it.thread.joinable())
			operation.call(it, r);
		else
			is_empty(it.thread, r);
	}
}

void interrupt_shared_thread(random &r)
{
	shared_thread &it = shared[r.below(shared_count)];
	const unsigned int what = r.below(16);
	const try_visit inside(it.door);

	if (!inside)
		return;
	if (what < 8) {
		it.thread.wake();
	} else if (what < 9) {
		it.request_stop();
	} else if (what < 13) {
		feed(it.thread, it.record, 1);
	} else if (it.thread.joinable()) {
		it.record.may_have_result(it.thread);
		it.record.every.restart();
	}
}

namespace
{
constexpr unsigned int group_max = 4;

// Of the copies of a group's body together, and what is known of each thread.
struct group_record {
	std::atomic<unsigned int> generation{0};
	std::atomic<int> alive{0};
	thread_record of[group_max];

	// The first of them goes when all run.
	void destroyed() {}
};

struct group_body {
	probe<group_record> held;

	explicit group_body(group_record &record) : held(record) {}
	int operator()(stop_token stop, unsigned int i) { return held.alive().of[i].run(stop); }
};
} // namespace

void torture_group(torturer &self, random &r)
{
	const unsigned int size = r.below(group_max + 1);
	const std::unique_ptr<group_record> record(new (std::nothrow) group_record);

	self.does("group: make");
	if (!record)
		return;
	for (thread_record &one : record->of)
		one.prepare(plan(r));
	{
		auto made = kthread::jthread_group::create("group", size, group_body(*record));
		if (!CHECK(is_one_of(made, errno_t::ENOMEM)) || !made)
			return;
		kthread::jthread_group group = std::move(*made);
		CHECK_EQ(group.size(), size);
		torture_count(TORTURE_GROUPS);

		if (!r.one_in(4))
			group.wake();
		else if (size)
			group[r.below(size)].wake();
		r.nap(2000);
		if (size && r.one_in(2)) {
			self.does("group: park");
			CHECK(is_one_of(group[r.below(size)].park(), errno_t::ESRCH));
		}
		if (r.one_in(3)) {
			self.does("group: move");
			kthread::jthread_group other;

			other = std::move(group);
			CHECK_EQ(group.size(), 0u);
			group = std::move(other);
		}
		if (r.one_in(2)) {
			self.does("group: stop");
			group.stop();
			for (unsigned int i = 0; i < size; ++i)
				record->of[i].is_result(group[i].get());
		}
		self.does("group: drop");
	}
	CHECK_EQ(record->alive.load(), 0);
	for (thread_record &one : record->of)
		one.is_gone();
}
} // namespace torture
