// SPDX-License-Identifier: GPL-2.0
#include "kthread/timer_wheel.hpp"

#include "fixture.hpp"

using kthread::timer_wheel;
using kthread::wheel_timer;

namespace
{
constexpr long long tick = timer_wheel::tick;

struct numbers {
	unsigned long long state = 88172645463325252ull;
	unsigned long long operator()()
	{
		state ^= state << 13;
		state ^= state >> 7;
		return state ^= state << 17;
	}
};

constexpr int count = 256;

// Timers by their deadlines, each of which has to expire in its time.
struct timers {
	timer_wheel wheel;
	wheel_timer timer[count];
	long long due[count] = {}, latest[count] = {};
	int wrong = 0, expired = 0, armed = 0;
	long long now;

	explicit timers(long long start) : now(start) { wheel.start(start); }

	void add(int i, long long delay, long long slack)
	{
		due[i] = now + delay;
		latest[i] = due[i] + slack + tick;
		timer[i].tick = timer_wheel::tick_of(due[i], slack);
		wheel.add(timer[i]);
		++armed;
	}
	void remove(int i)
	{
		wheel.remove(timer[i]);
		--armed;
	}
	void expire(unsigned int most = 3)
	{
		while (wheel.expire(now, most, [this](wheel_timer &t) {
			const auto i = &t - timer;

			wrong += now < due[i] || t.is_armed();
			++expired;
			--armed;
		})) {
		}
		// None is late, if the caller came when it had to.
		for (int i = 0; i < count; ++i)
			wrong += timer[i].is_armed() && now > latest[i] + tick;
	}
};
} // namespace

void timer_wheel_rounds_within_the_slack(kunit *test)
{
	numbers random;
	int wrong = 0;

	for (int i = 0; i < 10000; ++i) {
		const auto due = static_cast<long long>(random() >> (random() % 62 + 2));
		const auto slack = static_cast<long long>(random() >> (random() % 62 + 2));
		const auto at = static_cast<long long>(timer_wheel::tick_of(due, slack));
		const auto last = static_cast<long long>(timer_wheel::last);

		if (due >= last * tick)
			wrong += at != last;
		else
			wrong += at * tick < due || (at - 1) * tick >= due + slack;
	}
	KUNIT_EXPECT_EQ(test, wrong, 0);
	// The roundest.
	KUNIT_EXPECT_EQ(test, timer_wheel::tick_of(100 * tick, 60 * tick), 128);
	KUNIT_EXPECT_EQ(test, timer_wheel::tick_of(100 * tick, 0), 100);
	KUNIT_EXPECT_EQ(test, timer_wheel::tick_of(100 * tick + 1, 0), 101);
	KUNIT_EXPECT_EQ(test, timer_wheel::tick_of(-5, -5), 0);
	// A millisecond of slack always has one that 128 divides.
	for (long long due = 1; due < 5000000; due += 777)
		wrong += timer_wheel::tick_of(due, 1000000) % 128 != 0;
	KUNIT_EXPECT_EQ(test, wrong, 0);
}

// At the time that next() says, and at any other.
void timer_wheel_expires_each_in_its_time(kunit *test)
{
	numbers random;
	auto all = std::unique_ptr<timers>(new (std::nothrow) timers(123456789));
	int early = 0;

	KUNIT_EXPECT_TRUE(test, all);
	for (int round = 0; all && round < 20000; ++round) {
		const int i = static_cast<int>(random() % count);

		if (!all->timer[i].is_armed())
			all->add(i, static_cast<long long>(random() >> (random() % 40 + 24)),
				 static_cast<long long>(random() >> (random() % 30 + 34)));
		else if (random() % 4 == 0)
			all->remove(i);
		const long long next = all->wheel.next();

		// What it says is no earlier than the first, or a step on the way to it.
		if (next != timer_wheel::never_due && random() % 2)
			all->now = next > all->now ? next : all->now;
		else
			all->now += static_cast<long long>(random() >> (random() % 24 + 40));
		early += next == timer_wheel::never_due && all->armed;
		all->expire();
	}
	KUNIT_EXPECT_EQ(test, early, 0);
	KUNIT_EXPECT_EQ(test, all ? all->wrong : -1, 0);
	KUNIT_EXPECT_TRUE(test, all && all->expired > 1000);
}

// Of few timers none is waited for in vain.
void timer_wheel_sleeps_until_the_first(kunit *test)
{
	numbers random;
	auto wheel = std::unique_ptr<timer_wheel>(new (std::nothrow) timer_wheel);
	int wrong = 0;

	KUNIT_EXPECT_TRUE(test, wheel);
	for (int round = 0; wheel && round < 1000; ++round) {
		wheel_timer one;
		const auto start = static_cast<long long>(random() >> 20);

		wheel->start(start);
		one.tick = timer_wheel::tick_of(start + static_cast<long long>(random() >> 24), 0);
		wheel->add(one);
		wrong += one.tick > static_cast<std::uint64_t>(start) / tick &&
			 wheel->next() != static_cast<long long>(one.tick) * tick;
		wheel->remove(one);
		wrong += wheel->next() != timer_wheel::never_due;
	}
	KUNIT_EXPECT_EQ(test, wrong, 0);
}

// Also if the next tick is in a slot of a higher level.
void timer_wheel_expires_what_is_over_with_the_next_tick(kunit *test)
{
	auto wheel = std::unique_ptr<timer_wheel>(new (std::nothrow) timer_wheel);
	int wrong = 0;

	KUNIT_EXPECT_TRUE(test, wheel);
	for (long long now = 1; wheel && now < 10000; ++now) {
		wheel_timer one;
		int expired = 0;

		wheel->start(now * tick);
		one.tick = static_cast<std::uint64_t>(now - 1);
		wheel->add(one);
		wrong += wheel->next() != (now + 1) * tick;
		(void)wheel->expire(wheel->next(), 1, [&](wheel_timer &) { ++expired; });
		wrong += expired != 1;
		if (one.is_armed())
			wheel->remove(one);
	}
	KUNIT_EXPECT_EQ(test, wrong, 0);
}

// An expired timer takes others out, of those that expire with it, too.
void timer_wheel_survives_changes_while_it_expires(kunit *test)
{
	auto wheel = std::unique_ptr<timer_wheel>(new (std::nothrow) timer_wheel);
	wheel_timer timer[40];
	int expired = 0;

	KUNIT_EXPECT_TRUE(test, wheel);
	if (!wheel)
		return;
	wheel->start(0);
	for (auto &t : timer) {
		t.tick = 100;
		wheel->add(t);
	}
	(void)wheel->expire(200 * tick, 1000, [&](wheel_timer &self) {
		++expired;
		for (auto &t : timer) {
			if (&t != &self && t.is_armed() && (&t - timer) % 2) {
				wheel->remove(t);
				break;
			}
		}
		if (expired == 3) {
			self.tick = 150;
			wheel->add(self);
		}
	});
	KUNIT_EXPECT_TRUE(test, expired >= 20);
	KUNIT_EXPECT_EQ(test, wheel->next(), timer_wheel::never_due);
}

// A slot of a high level may have all timers that there are.
void timer_wheel_deals_out_a_part_at_a_time(kunit *test)
{
	constexpr unsigned int timers = 1000, most = 4;
	const std::unique_ptr<timer_wheel> wheel(new (std::nothrow) timer_wheel);
	const std::unique_ptr<wheel_timer[]> timer(new (std::nothrow) wheel_timer[timers]);
	unsigned int calls = 1, expired = 0;
	const auto count = [&](wheel_timer &) { ++expired; };

	KUNIT_EXPECT_TRUE(test, wheel && timer);
	if (!wheel || !timer)
		return;
	wheel->start(0);
	for (unsigned int i = 0; i < timers; ++i) {
		timer[i].tick = 64 * 64 + 1 + i;
		wheel->add(timer[i]);
	}
	// The slot's first tick, at which none is due.
	while (wheel->expire(64 * 64 * tick, most, count))
		++calls;
	KUNIT_EXPECT_TRUE(test, calls >= timers / (8 * most));
	KUNIT_EXPECT_EQ(test, expired, 0u);
	while (wheel->expire(2 * 64 * 64 * tick, most, count)) {
	}
	KUNIT_EXPECT_EQ(test, expired, timers);
	KUNIT_EXPECT_EQ(test, wheel->next(), timer_wheel::never_due);
}
