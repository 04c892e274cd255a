// SPDX-License-Identifier: GPL-2.0
//
// A timer of the kernel as an object with a callable:
//
//	// Switches a lamp off some time after the last key, with which touch() is called.
//	class lamp
//	{
//	public:
//		explicit lamp(std::atomic<bool> &lit) : lit_(lit), off_([this] { lit_ = false; }) {}
//		void touch()
//		{
//			lit_ = true;
//			off_.start_after(10ms, 1ms);
//		}
//
//	private:
//		std::atomic<bool> &lit_;
//		kthread::timer<> off_;
//	};
#pragma once

#include "bridge/timer.h"
#include "kthread/callable.hpp"
#include "kthread/clock.hpp"
#include "kthread/errno.hpp"

namespace kthread
{
// Calls f() in hard interrupt context, once or with a period. timer<> takes any callable of up to two words, so
// that a class can have one as a member; timer(f) is of the callable's own type. Context: may sleep. Lifetime:
// the destructor ends the timer, and waits as long as f() runs on another CPU. f() must not destroy the timer.
// Implemented with struct hrtimer.
template <class F = std::move_only_function<void()>>
class timer : bridge_clock
{
public:
	// The shortest period. The interrupts of a much shorter one leave a slow machine no time for
	// anything else.
	static constexpr std::chrono::nanoseconds shortest = std::chrono::microseconds(100);

	// Makes a timer that has not been started. Context: atomic. Wraps hrtimer_init().
	template <class G>
		requires(made_without_memory<F, G> && !std::same_as<std::decay_t<G>, timer>)
	explicit timer(G &&f) : f_(std::forward<G>(f))
	{
		bridge_clock_init(this);
		expired = [](bridge_clock *self) { static_cast<timer *>(self)->f_(); };
	}
	timer(const timer &) = delete;
	timer &operator=(const timer &) = delete;
	// Ends the timer and waits for f(). Context: atomic, but not f(). Wraps hrtimer_cancel().
	~timer() { bridge_clock_destroy(this); }

	// Calls f() once at this time, or after it, and not at an earlier time any more. f() may come later by
	// the slack, if that saves an interrupt. f() itself may start the timer. Context: hard interrupt.
	// Wrap hrtimer_start_range_ns().
	void start_at(steady_clock::time_point when, timeout slack = no_slack) &noexcept
	{
		start(when, 0, slack);
	}
	void start_after(timeout time, timeout slack = no_slack) &noexcept
	{
		start(steady_clock::after(steady_clock::now(), time), 0, slack);
	}

	// Calls f() each time the period is over, the first time one period from now. Times that are over
	// before f() could come are skipped, and count as missed_periods(). Context: hard interrupt.
	// Errors: EINVAL if the period is shorter than the shortest. Wraps hrtimer_start_range_ns().
	result<void> start_every(timeout time, timeout slack = no_slack) &noexcept
	{
		if (time.get() < shortest)
			return std::unexpected(errno_t::EINVAL);
		start(steady_clock::after(steady_clock::now(), time), time.get().count(), slack);
		return {};
	}

	// Ends the timer without waiting: f() may be on its way, and may call this itself. True if f() was
	// due to come. Context: hard interrupt. Wraps hrtimer_try_to_cancel().
	bool end() noexcept { return bridge_clock_end(this); }

	// Ends the timer and waits for f(). True if f() was due to come. Context: atomic, but not f().
	// Wraps hrtimer_cancel().
	bool cancel() noexcept { return bridge_clock_cancel(this); }

	// Whether f() is due to come, or runs. Context: hard interrupt. As hrtimer_active(), which is also true for a
	// timer that f() has ended, until its time.
	[[nodiscard]] bool is_active() const noexcept { return bridge_clock_is_active(this); }

	// How many periods f() has missed since the timer was made. Context: f(), or after cancel().
	[[nodiscard]] unsigned long long missed_periods() const noexcept { return missed; }

private:
	void start(steady_clock::time_point when, long long every, timeout slack) noexcept
	{
		bridge_clock_start(this, when.time_since_epoch().count(), every, slack_of(slack));
	}

	F f_;
};

// For the library: timer t(f) has a copy of f.
template <class F>
timer(F) -> timer<F>;
} // namespace kthread
