// SPDX-License-Identifier: GPL-2.0
//
// The deadlines of one executor. Adding one takes no memory and cannot fail. It is for the library:
//
//	void arm(kthread::timer_wheel &wheel, kthread::wheel_timer &timer, long long due)
//	{
//		timer.tick = kthread::timer_wheel::tick_of(due, 1000000);
//		wheel.add(timer);
//	}
#pragma once

#include <bit>
#include <cstdint>
#include <utility>

namespace kthread
{
// For the library: a place in the wheel.
struct wheel_timer {
	std::uint64_t tick = 0; // when it expires
	wheel_timer *next_timer = nullptr;
	wheel_timer **link = nullptr; // what points at it; null if it is not armed
	unsigned short place = 0;     // of its slot, among those of all levels

	[[nodiscard]] bool is_armed() const noexcept { return link; }
};

// For the library: timers by their ticks of 7.8 microseconds. The first level has a slot for each of the 64 ticks that
// share their higher bits with the present one, the next level for each 64th tick, and so on. A slot of a higher level is
// dealt out to the levels below when its first tick has come; so all timers of a level come before those of the next.
// Context: any, by one context at a time. Lifetime: no timer outlives it armed. Implemented with lists.
class timer_wheel
{
public:
	// In nanoseconds. A slack of a millisecond has 128 of them, and so one that 128 divides.
	static constexpr unsigned int tick = 1000000 / 128;
	// The latest tick of a clock of 63 bits.
	static constexpr std::uint64_t last = (~0ull >> 1) / tick;

	// Starts the wheel, which is empty, at a time in nanoseconds.
	void start(long long now) noexcept { now_ = static_cast<std::uint64_t>(now) / tick; }

	// The tick at which a timer expires that is due then and may be late by slack nanoseconds: the roundest
	// there is, so that many timers share it, and so that it lies in a high level until it expires.
	[[nodiscard]] static std::uint64_t tick_of(long long due, long long slack) noexcept
	{
		long long latest;

		if (due < 0)
			due = 0;

		const bool is_exact = slack <= 0 || __builtin_add_overflow(due, slack, &latest);
		const auto first = (static_cast<std::uint64_t>(due) + tick - 1) / tick;
		const auto end = is_exact ? 0 : static_cast<std::uint64_t>(latest) / tick;

		if (end <= first)
			return first < last ? first : last;
		// The bits from the highest one on in which the tick before the first and the last differ.
		const int low = 63 - __builtin_clzll((first - 1) ^ end);
		return end >> low << low;
	}

	// Adds a timer that is not armed. One whose tick has come expires at the next expire().
	void add(wheel_timer &timer) noexcept
	{
		if (timer.tick <= now_)
			timer.tick = now_ + 1;

		const std::uint64_t at = timer.tick;
		const auto level = static_cast<unsigned int>(std::bit_width(at ^ now_) - 1) / bits;
		const auto slot = static_cast<unsigned int>(at >> (bits * level)) % slots;

		const unsigned int place = level * slots + slot;
		wheel_timer *&list = slot_[place];
		wheel_timer *const second = list;

		timer.place = static_cast<unsigned short>(place);
		timer.next_timer = second;
		timer.link = &list;
		if (second)
			second->link = &timer.next_timer;
		list = &timer;
		full_[level] |= 1ull << slot;
	}

	// Takes out a timer that is armed.
	void remove(wheel_timer &timer) noexcept
	{
		*timer.link = timer.next_timer;
		if (timer.next_timer)
			timer.next_timer->link = timer.link;
		timer.link = nullptr;
		// A timer that is about to expire is in no slot, and its slot is empty.
		if (!slot_[timer.place])
			full_[timer.place / slots] &= ~(1ull << timer.place % slots);
	}

	// Takes out timers that have expired, up to so many, and calls expired() for each. Of timers that have not, it deals
	// out up to eight times as many. Returns true if there may be more. expired() may add and remove others.
	template <class Expired>
	bool expire(long long now, unsigned int most, Expired expired) noexcept
	{
		const std::uint64_t end = static_cast<std::uint64_t>(now) / tick;
		unsigned int most_dealt = 8 * most;

		for (;;) {
			while (wheel_timer *timer = due_) {
				if (!most || !most_dealt)
					return true;
				due_ = timer->next_timer;
				if (due_)
					due_->link = &due_;
				if (timer->tick > end) {
					add(*timer);
					--most_dealt;
					continue;
				}
				timer->link = nullptr;
				--most;
				expired(*timer);
			}

			if (now_ >= end)
				return false;

			const unsigned int level = first_level();
			const std::uint64_t start = start_of(level);

			now_ = start < end ? start : end;
			if (start > end)
				return false;
			take(level);
		}
	}

	// When expire() has to be called next, in nanoseconds; the greatest number if there is no timer.
	[[nodiscard]] long long next() const noexcept
	{
		const unsigned int level = first_level();
		std::uint64_t first = start_of(level);

		if (due_)
			return 0;
		if (level == levels)
			return never_due;
		if (level)
			first = first_of_slot(level, first);
		return static_cast<long long>(first * tick);
	}

	static constexpr long long never_due = 0x7fffffffffffffff;

private:
	static constexpr unsigned int bits = 6, slots = 1 << bits, levels = 9;
	static_assert(last >> (bits * levels) == 0);

	[[nodiscard]] unsigned int first_level() const noexcept
	{
		unsigned int level = 0;

		while (level < levels && !full_[level])
			++level;
		return level;
	}
	[[nodiscard]] unsigned int first_slot(unsigned int level) const noexcept
	{
		return static_cast<unsigned int>(std::countr_zero(full_[level]));
	}
	// The first tick of the level's first slot that has timers.
	[[nodiscard]] std::uint64_t start_of(unsigned int level) const noexcept
	{
		if (level == levels)
			return ~0ull;

		const unsigned int slot = first_slot(level);
		const unsigned int above = bits * (level + 1);

		return (now_ >> above << above) | static_cast<std::uint64_t>(slot)
							  << (bits * level);
	}
	// The first timer's tick, so that nobody wakes up only to deal the slot out. Where there are many, some
	// expire soon after the slot's first tick anyway.
	[[nodiscard]] std::uint64_t first_of_slot(unsigned int level,
						  std::uint64_t start) const noexcept
	{
		std::uint64_t first = last;
		unsigned int most = 8;

		for (const wheel_timer *t = slot_[level * slots + first_slot(level)]; t;
		     t = t->next_timer) {
			if (!most--)
				return start;
			if (t->tick < first)
				first = t->tick;
		}
		return first;
	}
	void take(unsigned int level) noexcept
	{
		due_ = std::exchange(slot_[level * slots + first_slot(level)], nullptr);
		due_->link = &due_;
		full_[level] &= full_[level] - 1;
	}

	std::uint64_t now_ = 0;      // all before this tick, and at it, has expired or is in due_
	wheel_timer *due_ = nullptr; // of a slot whose first tick has come
	std::uint64_t full_[levels] = {}; // the slots that have timers
	wheel_timer *slot_[levels * slots] = {};
};
} // namespace kthread
