// SPDX-License-Identifier: GPL-2.0
//
// Workers and pools take the same callables, and items come to both of them in the same ways.
#include "kthread/static_object.hpp"
#include "kthread/this_thread.hpp"
#include "kthread/workqueue.hpp"

#include "worker_fixture.hpp"

using kthread::delayed_pool_item;
using kthread::pool;
using kthread::pool_item;
using kthread::work_for;
using kthread::workqueue;

namespace
{
template <class Item>
struct device {
	void transmit() { ++sent; }
	void receive(Item &) noexcept { ++received; }
	void watch(stop_token stop) const
	{
		while (!stop.stop_requested())
			stop.sleep_for(forever);
		++watched;
	}

	std::atomic<int> sent{0}, received{0};
	mutable std::atomic<int> watched{0};
	work_for<&device::transmit, Item> channels[3];
	work_for<&device::receive, Item> rx;
	work_for<&device::watch, Item> watcher;
};

template <class Item, class Place>
void use_device(kunit *test, const Place &place)
{
	device<Item> one;

	KUNIT_EXPECT_FALSE(test, one.rx.queue());
	KUNIT_EXPECT_FALSE(test, one.rx.cancel());
	expect(test, one.rx.flush());
	expect_error(test, one.rx.bind(one, Place()), errno_t::ESRCH);
	expect(test, one.rx.bind(one, place));
	expect_error(test, one.rx.bind(one, place), errno_t::EBUSY);
	expect(test, one.watcher.bind(one, place));
	for (auto &channel : one.channels) {
		expect(test, channel.bind(one, place));
		KUNIT_EXPECT_TRUE(test, channel.queue());
	}
	KUNIT_EXPECT_TRUE(test, one.rx.queue());
	for (auto &channel : one.channels)
		expect(test, channel.flush());
	expect(test, one.rx.flush());
	KUNIT_EXPECT_EQ(test, one.sent.load(), 3);
	KUNIT_EXPECT_EQ(test, one.received.load(), 1);

	KUNIT_EXPECT_TRUE(test, one.watcher.queue());
	KUNIT_EXPECT_TRUE(test, one.watcher.cancel() || one.watched == 1);
}

template <class Item, class Place>
void erase(kunit *test, const Place &place)
{
	std::atomic<int> runs{0};
	kthread::any_work<Item> late([&runs] { ++runs; }), early(place, [&runs] { ++runs; });

	KUNIT_EXPECT_FALSE(test, late.queue());
	expect(test, late.bind(place));
	KUNIT_EXPECT_TRUE(test, late.queue());
	KUNIT_EXPECT_TRUE(test, early.queue());
	expect(test, late.flush());
	expect(test, early.flush());
	KUNIT_EXPECT_EQ(test, runs.load(), 2);
}

// Both a cancel and the end of the place stop an item that waits for it.
template <class Place>
void stop_items(kunit *test, Place place)
{
	std::atomic<int> entered{0}, stopped{0}, called{0};
	const auto waits = [&](stop_token stop) {
		const kthread::stop_callback call(stop, [&] { ++called; });

		++entered;
		while (!stop.stop_requested())
			stop.sleep_for(forever);
		// A callback that goes before its turn is not called.
		for (int i = 0; i < 10000 && called != entered; ++i)
			kthread::this_thread::sleep_for(1ms);
		++stopped;
	};
	kthread::work job(place, waits);

	for (int i = 1; i <= 3; ++i) {
		KUNIT_EXPECT_TRUE(test, job.queue());
		expect_soon(test, [&] { return entered == i; });
		KUNIT_EXPECT_EQ(test, stopped.load(), i - 1);
		KUNIT_EXPECT_FALSE(test, job.cancel());
		KUNIT_EXPECT_EQ(test, stopped.load(), i);
	}
	{
		kthread::work dies(place, waits);

		KUNIT_EXPECT_TRUE(test, dies.queue());
		expect_soon(test, [&] { return entered == 4; });
	}
	KUNIT_EXPECT_EQ(test, stopped.load(), 4);
	KUNIT_EXPECT_TRUE(test, job.queue());
	expect_soon(test, [&] { return entered == 5; });
	place = Place();
	KUNIT_EXPECT_EQ(test, stopped.load(), 5);
	KUNIT_EXPECT_EQ(test, called.load(), 5);
}
} // namespace

void work_for_calls_a_member(kunit *test)
{
	use_device<kthread::work_item>(test, run(test));
	use_device<kthread::delayed_work_item>(test, run(test));
	use_device<pool_item>(test, expect(test, workqueue::create("kunit")));
	use_device<delayed_pool_item>(test, expect(test, workqueue::create("kunit")));
}

void work_takes_any_small_callable(kunit *test)
{
	erase<kthread::work_item>(test, run(test));
	erase<kthread::delayed_work_item>(test, run(test));
	erase<pool_item>(test, pool::system());
	erase<delayed_pool_item>(test, pool::system());
	// One that does not fit would have to allocate.
	const auto large = [x = 0L, y = 1L, z = 2L] { (void)(x + y + z); };
	static_assert(!std::constructible_from<kthread::any_work<>, decltype(large)>);
}

void work_lies_in_static_storage(kunit *test)
{
	static constinit kthread::static_object<device<pool_item>> object;
	static constinit kthread::static_object<kthread::any_work<>> item;
	static std::atomic<int> runs;
	auto w = run(test);

	runs = 0;
	expect(test, object.emplace());
	expect(test, object->rx.bind(*object, pool::system()));
	KUNIT_EXPECT_TRUE(test, object->rx.queue());
	expect(test, object->rx.flush());
	KUNIT_EXPECT_EQ(test, object->received.load(), 1);
	expect(test, item.emplace([] { ++runs; }));
	expect(test, item->bind(w));
	KUNIT_EXPECT_TRUE(test, item->queue());
	item.reset();
	object.reset();
	KUNIT_EXPECT_TRUE(test, runs <= 1);
}

void work_sees_a_stop(kunit *test)
{
	stop_items(test, run(test));
	stop_items(test, expect(test, workqueue::create("kunit")));
}

void worker_spawn_runs_once_and_frees_itself(kunit *test)
{
	static std::atomic<int> runs, destroyed;
	runs = destroyed = 0;
	{
		auto w = run(test);

		for (int i = 0; i < 20; ++i)
			expect(test, w.spawn([x = witness(destroyed)] { ++runs; }));
		expect(test, w.spawn([](stop_token stop) {
			while (!stop.stop_requested())
				stop.sleep_for(forever);
			++runs;
		}));
	}
	KUNIT_EXPECT_EQ(test, runs.load(), 21);
	KUNIT_EXPECT_EQ(test, destroyed.load(), 20);
	expect_error(test, worker().spawn([] {}), errno_t::ESRCH);
}
