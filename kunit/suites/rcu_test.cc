// SPDX-License-Identifier: GPL-2.0
#include "kthread/rcu.hpp"

#include "fixture.hpp"
#include "locks_bridge.h"

namespace
{
struct settings {
	int speed;
	std::atomic<int> *destroyed;

	~settings() { ++*destroyed; }
};
} // namespace

void rcu_readers_see_the_old_or_the_new(kunit *test)
{
	std::atomic<int> destroyed{0};
	kthread::rcu_ptr<settings> current;
	const auto put = [&](int speed) {
		std::unique_ptr<settings> made(new (std::nothrow) settings{speed, &destroyed});

		KUNIT_EXPECT_TRUE(test, made);
		current.replace(std::move(made));
	};
	{
		const kthread::rcu_read_guard reading;

		KUNIT_EXPECT_TRUE(test, locks_bridge_in_rcu_read());
		KUNIT_EXPECT_TRUE(test, current.get(reading) == nullptr);
	}
	put(1);
	std::atomic<bool> reads{false};
	auto reader = expect(test, jthread::run("kunit", [&](stop_token stop) {
				     int errors = 0;

				     do {
					     const kthread::rcu_read_guard reading;
					     const settings *s = current.get(reading);

					     reads = true;
					     errors += !s || s->speed < 1 || s->speed > 20;
				     } while (stop.yield());
				     return errors;
			     }));

	expect_soon(test, [&] { return reads.load(); });
	for (int i = 2; i <= 20; ++i)
		put(i);
	KUNIT_EXPECT_EQ(test, reader.stop().value_or(-1), 0);
	KUNIT_EXPECT_EQ(test, destroyed.load(), 19);
	KUNIT_EXPECT_EQ(test, current.get_locked()->speed, 20);
	current.replace(nullptr);
	KUNIT_EXPECT_EQ(test, destroyed.load(), 20);
}
