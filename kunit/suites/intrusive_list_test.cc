// SPDX-License-Identifier: GPL-2.0
#include "kthread/intrusive_list.hpp"

#include "fixture.hpp"
#include "kthread/spinlock.hpp"
#include "locks_bridge.h"

using kthread::intrusive_list;
using kthread::list_hook;

namespace
{
struct request {
	long before = 0;
	list_hook place;
	int number = 0;
};
using requests = intrusive_list<request, &request::place>;

constinit requests static_list;

struct queue {
	kthread::raw_spinlock lock{"kunit::queue"_lock};
	requests waiting KTHREAD_GUARDED_BY(lock);
	request all[3];

	void submit()
	{
		const kthread::irqsave_guard held(lock);

		for (request &r : all)
			if (!r.place.is_linked())
				return waiting.push_back(r);
	}
	request *take()
	{
		const kthread::irqsave_guard held(lock);

		return waiting.pop_front();
	}
};
constinit queue *filled_by_interrupts = nullptr;

int digits(requests &list)
{
	int all = 0;

	for (const request &r : list)
		all = 10 * all + r.number;
	return all;
}
} // namespace

void intrusive_list_keeps_the_order(kunit *test)
{
	request r[4];
	requests other;

	for (int i = 0; i < 4; ++i)
		r[i].number = i + 1;
	KUNIT_EXPECT_TRUE(test, static_list.empty());
	static_list.push_back(r[1]);
	static_list.push_back(r[2]);
	static_list.push_front(r[0]);
	KUNIT_EXPECT_EQ(test, digits(static_list), 123);
	KUNIT_EXPECT_EQ(test, static_list.front().number, 1);
	KUNIT_EXPECT_EQ(test, static_list.back().number, 3);
	static_list.erase(r[1]);
	KUNIT_EXPECT_FALSE(test, r[1].place.is_linked());
	static_list.erase(r[1]);
	KUNIT_EXPECT_EQ(test, digits(static_list), 13);
	other.push_back(r[1]);
	other.push_back(r[3]);
	static_list.splice(other);
	KUNIT_EXPECT_TRUE(test, other.empty());
	KUNIT_EXPECT_EQ(test, digits(static_list), 1324);
	static_list.remove_if([](request &q) { return q.number > 2; });
	KUNIT_EXPECT_EQ(test, digits(static_list), 12);
	KUNIT_EXPECT_TRUE(test, static_list.pop_front() == &r[0]);
	static_list.clear();
	KUNIT_EXPECT_FALSE(test, r[1].place.is_linked());
	KUNIT_EXPECT_TRUE(test, static_list.pop_front() == nullptr);
}

void intrusive_list_is_filled_by_interrupts(kunit *test)
{
	queue q;
	std::atomic<int> taken{0};
	auto thread = expect(test, jthread::run("kunit", [&](stop_token stop) {
				     while (!stop.stop_requested()) {
					     if (q.take())
						     ++taken;
					     else
						     stop.sleep_for(1ms);
				     }
			     }));

	filled_by_interrupts = &q;
	locks_bridge_start_interrupts([] { filled_by_interrupts->submit(); });
	expect_soon(test, [&] { return taken > 10; });
	locks_bridge_stop_interrupts();
	expect(test, thread.stop());
	while (q.take()) {
	}
	for (const request &r : q.all)
		KUNIT_EXPECT_FALSE(test, r.place.is_linked());
}
