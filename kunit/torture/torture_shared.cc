// SPDX-License-Identifier: GPL-2.0
//
// Threads that all torturers operate on at once, and groups.
#include "torture_records.hpp"

#include "kthread/jthread_group.hpp"

namespace torture
{
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
		if (!has_thread(thread))
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

		CHECK(!has_thread(it.thread));
		it.thread = std::move(other);
	} else {
		const auto &operation = r.choose(shared_operations);

		self.does(operation.name);
		const visit inside(it.door);

		if (has_thread(it.thread))
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
	} else if (has_thread(it.thread)) {
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
