// SPDX-License-Identifier: GPL-2.0
//
// Objects that a module owns are constructed, used and destroyed, also if something fails.
#include "kthread/jthread_group.hpp"
#include "kthread/percpu_threads.hpp"
#include "kthread/static_object.hpp"
#include "kthread/worker.hpp"

#include "fixture.hpp"

using kthread::static_object;
using kthread::work;
using kthread::worker;

namespace
{
// Tells when it is destroyed, and can be neither copied nor moved.
struct plain {
	int *const destroyed;
	const int value;

	plain(int &destroyed, int value) : destroyed(&destroyed), value(value) {}
	plain(const plain &) = delete;
	plain &operator=(const plain &) = delete;
	~plain() { ++*destroyed; }
};
constinit static_object<plain> one_plain;

// A worker, an item of it, and a thread that queues the item.
struct pump {
	struct count {
		std::atomic<int> &runs;
		void operator()() const { ++runs; }
	};

	witness<int> last;
	std::atomic<int> runs{0};
	worker thread;
	work<count> item{thread, count{runs}};
	errno_t fails_at_the_end;
	jthread clock;

	pump(worker made, int &destroyed, errno_t fails_at_the_end)
		: last(destroyed), thread(std::move(made)), fails_at_the_end(fails_at_the_end)
	{
	}

	result<void> start()
	{
		auto made = jthread::run("kunit_pump", [this](stop_token stop) {
			while (!stop.stop_requested()) {
				item.queue();
				stop.sleep_for(1ms);
			}
			return 0;
		});

		if (!made)
			return std::unexpected(made.error());
		clock = std::move(*made);
		if (fails_at_the_end != errno_t{})
			return std::unexpected(fails_at_the_end);
		return {};
	}
};
constinit static_object<pump> one_pump;
constexpr errno_t fails_not{};

struct ticking {
	static inline std::atomic<unsigned int> runs{0};
	static bool should_run(unsigned int) { return !runs; }
	static void run(unsigned int) { ++runs; }
};
struct percpu {
	kthread::percpu_threads<ticking> threads;
	result<void> start() { return threads.start("kunit/%u"); }
};
constinit static_object<percpu> one_percpu;
constinit static_object<worker> one_worker;
constinit static_object<kthread::jthread_group> one_group;

// Its thread knows it by the name of the static object only.
struct user {
	static inline int seen_at_the_end;
	std::atomic<int> seen{0};
	std::atomic<bool> was_whole{true};
	jthread thread;

	result<void> start();
};
constinit static_object<user> one_user;

result<void> user::start()
{
	auto made = jthread::run("kunit", [](stop_token stop) {
		one_user->was_whole = one_user.has_value();
		++one_user->seen;
		(void)sleep_until_stopped(stop);
		seen_at_the_end = one_user->seen.load();
		return 0;
	});

	if (!made)
		return std::unexpected(made.error());
	thread = std::move(*made);
	while (!seen)
		kunit_bridge_sleep_ms(1);
	return {};
}

// Its destructor calls reset() and emplace() of the object that holds it.
struct meddler {
	static inline int error = 0;
	int *destroyed;

	explicit meddler(int &destroyed) : destroyed(&destroyed) {}
	meddler(const meddler &) = delete;
	meddler &operator=(const meddler &) = delete;
	~meddler();
};
constinit static_object<meddler> one_meddler;

meddler::~meddler()
{
	++*destroyed;
	one_meddler.reset();
	error = kthread::to_errno(one_meddler.emplace(*destroyed));
}
} // namespace

void static_object_is_made_and_destroyed(kunit *test)
{
	int destroyed = 0;

	KUNIT_EXPECT_FALSE(test, one_plain.has_value());
	for (int i = 1; i <= 3; ++i) {
		expect(test, one_plain.emplace(destroyed, i));
		KUNIT_EXPECT_TRUE(test, one_plain.has_value() && one_plain);
		KUNIT_EXPECT_EQ(test, one_plain->value, i);
		KUNIT_EXPECT_EQ(test, (*one_plain).value, i);
		KUNIT_EXPECT_EQ(test, destroyed, i - 1);
		one_plain.reset();
		KUNIT_EXPECT_EQ(test, destroyed, i);
		KUNIT_EXPECT_FALSE(test, one_plain.has_value());
	}
}

void static_object_emplace_twice_is_ebusy(kunit *test)
{
	int destroyed = 0;

	expect(test, one_plain.emplace(destroyed, 1));
	expect_error(test, one_plain.emplace(destroyed, 2), errno_t::EBUSY);
	KUNIT_EXPECT_EQ(test, one_plain->value, 1);
	KUNIT_EXPECT_EQ(test, destroyed, 0);
	one_plain.reset();
}

void static_object_reset_of_an_empty_one_does_nothing(kunit *test)
{
	int destroyed = 0;

	one_plain.reset();
	expect(test, one_plain.emplace(destroyed, 1));
	one_plain.reset();
	one_plain.reset();
	KUNIT_EXPECT_EQ(test, destroyed, 1);
}

void static_object_in_its_destructor_is_neither_made_nor_reset(kunit *test)
{
	int destroyed = 0;

	expect(test, one_meddler.emplace(destroyed));
	one_meddler.reset();
	KUNIT_EXPECT_EQ(test, destroyed, 1);
	KUNIT_EXPECT_EQ(test, meddler::error, errno_t::EBUSY);
	KUNIT_EXPECT_FALSE(test, one_meddler.has_value());
}

void static_object_of_threads_and_items_ends_by_one_line(kunit *test)
{
	int destroyed = 0;

	expect(test, one_pump.emplace(worker::run("kunit_pump"), destroyed, fails_not));
	if (!one_pump)
		return;
	expect_soon(test, [] { return one_pump->runs > 3; });
	KUNIT_EXPECT_EQ(test, kunit_bridge_count("kunit_pump"), 2);
	one_pump.reset();
	KUNIT_EXPECT_EQ(test, destroyed, 1);
	expect_soon(test, [] { return !kunit_bridge_count("kunit_pump"); });
}

void static_object_whose_start_fails_is_destroyed_at_once(kunit *test)
{
	int destroyed = 0;

	expect_error(test, one_pump.emplace(worker::run("kunit_pump"), destroyed, errno_t::EAGAIN),
		     errno_t::EAGAIN);
	KUNIT_EXPECT_EQ(test, destroyed, 1);
	KUNIT_EXPECT_FALSE(test, one_pump.has_value());
	expect_soon(test, [] { return !kunit_bridge_count("kunit_pump"); });
	one_pump.reset();
	KUNIT_EXPECT_EQ(test, destroyed, 1);
	expect(test, one_pump.emplace(worker::run("kunit_pump"), destroyed, fails_not));
	one_pump.reset();
	KUNIT_EXPECT_EQ(test, destroyed, 2);
}

void static_object_of_a_part_that_failed_is_not_made(kunit *test)
{
	int destroyed = 0;

	expect_error(test,
		     one_pump.emplace(worker::create("kunit_pump", {.node = 12345}), destroyed,
				      fails_not),
		     errno_t::EINVAL);
	KUNIT_EXPECT_EQ(test, destroyed, 0);
	KUNIT_EXPECT_FALSE(test, one_pump.has_value());
}

void static_object_holds_each_kind_of_thread(kunit *test)
{
	std::atomic<int> runs{0};

	ticking::runs = 0;
	expect(test, one_worker.emplace(worker::run("kunit")));
	expect(test, one_group.emplace(kthread::jthread_group::create(
			     "kunit", 2, [&](stop_token stop, unsigned int) {
				     ++runs;
				     return sleep_until_stopped(stop);
			     })));
	expect(test, one_percpu.emplace());
	if (one_worker && one_group && one_percpu) {
		one_group->wake();
		one_percpu->threads.wake(0);
		{
			work item(*one_worker, [&] { ++runs; });

			item.queue();
			expect(test, item.flush());
		}
		expect_soon(test, [&] { return runs == 3 && ticking::runs > 0; });
	}
	one_percpu.reset();
	one_group.reset();
	one_worker.reset();
}

void static_object_serves_its_threads_while_it_starts_and_ends(kunit *test)
{
	user::seen_at_the_end = 0;
	expect(test, one_user.emplace());
	if (!one_user)
		return;
	KUNIT_EXPECT_FALSE(test, one_user->was_whole);
	one_user.reset();
	KUNIT_EXPECT_TRUE(test, user::seen_at_the_end > 0);
}
