// SPDX-License-Identifier: GPL-2.0
//
// What a task does by itself:
//
//	kthread::task<void> settle(void (*start)(), void (*stop)())
//	{
//		start();
//		auto slept = co_await kthread::this_task::sleep_for(20ms, 1ms);
//		stop();
//		co_return slept;
//	}
#pragma once

#include <algorithm>

#include "kthread/task.hpp"

namespace kthread
{
// A task, for code that is no coroutine and that the task calls. Context: a task. Lifetime: until the task ends.
// Implemented with a pointer.
class task_ref
{
public:
	// Whether somebody has asked the task to end.
	[[nodiscard]] bool stop_requested() const noexcept { return task_->stops; }

	// For the library.
	explicit task_ref(strand &task) noexcept : task_(&task) {}
	[[nodiscard]] executor_face *exec() const noexcept { return task_->owner->exec; }
	[[nodiscard]] bool is(const strand &task) const noexcept { return task_ == &task; }
	// Around a wait that a stop does not end. One that comes ends it once, and is put aside like the others.
	[[nodiscard]] unsigned int put_stops_aside() const noexcept
	{
		return std::exchange(task_->stops, 0);
	}
	void put_stops_back(unsigned int stops) const noexcept { task_->add_stops(stops); }

private:
	strand *task_;
};

// For the library: waits for a time.
class sleep_awaiter : public task_wait
{
public:
	sleep_awaiter(long long due, long long slack) noexcept : due_(due), slack_(slack) {}
	template <class Promise>
	void await_suspend(std::coroutine_handle<Promise> self) noexcept
	{
		task_sleeps(waiter(self), self, due_, slack_);
	}

private:
	long long due_, slack_;
};

// For the library: waits for the end of a group.
class join_awaiter : public task_wait
{
public:
	explicit join_awaiter(task_group &group) noexcept : group_(group) {}
	template <class Promise>
	void await_suspend(std::coroutine_handle<Promise> self) noexcept
	{
		task_joins(waiter(self), self, group_);
	}

private:
	task_group &group_;
};

// For the library: lets others run.
class yield_awaiter : public task_wait
{
public:
	yield_awaiter() noexcept = default;
	template <class Promise>
	void await_suspend(std::coroutine_handle<Promise> self) noexcept
	{
		task_yields(waiter(self), self);
	}
};

// For the library: gives the task.
class self_awaiter
{
public:
	self_awaiter() noexcept = default;
	[[nodiscard]] static bool await_ready() noexcept { return false; }
	template <class Promise>
	bool await_suspend(std::coroutine_handle<Promise> self) noexcept
	{
		self_ = self.promise().root;
		return false;
	}
	[[nodiscard]] task_ref await_resume() const noexcept { return task_ref(*self_); }

private:
	strand *self_ = nullptr;
};

namespace this_task
{
// Sleeps until the deadline, and no longer than slack after it: the more slack, the more tasks wake up together.
// A deadline is met in steps of 7.8 microseconds. Context: a task. Errors: ECANCELED after a stop request.
// Implemented with the executor's timer wheel.
[[nodiscard]] inline sleep_awaiter sleep_until(steady_clock::time_point deadline,
					       timeout slack = std::chrono::nanoseconds(0)) noexcept
{
	return {deadline.time_since_epoch().count(), slack.get().count()};
}

// The same for a time. Context: a task. Errors: ECANCELED after a stop request. Implemented with sleep_until().
[[nodiscard]] inline sleep_awaiter sleep_for(timeout time,
					     timeout slack = std::chrono::nanoseconds(0)) noexcept
{
	return sleep_until(steady_clock::after(steady_clock::now(), time), slack);
}

// Lets the other tasks run that are ready. Context: a task. Errors: ECANCELED after a stop request. Implemented with
// the executor's list.
[[nodiscard]] inline yield_awaiter yield() noexcept
{
	return {};
}

// Gives the task: auto self = co_await this_task::self(). Context: a task. Implemented with a pointer.
[[nodiscard]] inline self_awaiter self() noexcept
{
	return {};
}
} // namespace this_task

// A beat at absolute times, as ticker is for threads: missed beats are counted and skipped. Lifetime: as long as the
// task waits. Implemented with sleep_until().
class co_ticker
{
public:
	// Starts: the first beat is due one period from now. The shortest period is a microsecond, the longest one
	// 146 years. A beat may be late by the slack, of up to 4 seconds. Context: hard interrupt.
	explicit co_ticker(timeout period, timeout slack = std::chrono::nanoseconds(0)) noexcept
		: period_(std::min(std::max(period.get().count(), shortest), longest)),
		  next_(steady_clock::now().time_since_epoch().count() + period_),
		  slack_(short_of(slack.get().count()))
	{
	}

	// For the library: waits for a beat.
	class awaiter : public task_wait
	{
	public:
		explicit awaiter(co_ticker &ticker) noexcept : ticker_(ticker) {}
		template <class Promise>
		void await_suspend(std::coroutine_handle<Promise> self) noexcept
		{
			task_sleeps(waiter(self), self, ticker_.next_, ticker_.slack_);
		}
		awaited<void> await_resume() noexcept
		{
			if (waiter().how != strand::done) [[unlikely]]
				return task_wait::await_resume();
			ticker_.beat(waiter().exec().now.load(std::memory_order_relaxed));
			return awaited<void>({});
		}

	private:
		co_ticker &ticker_;
	};

	// Sleeps until the next beat is due. Context: a task. Errors: ECANCELED after a stop request.
	[[nodiscard]] awaiter wait() noexcept { return awaiter(*this); }

	// When the last beat was due that was not skipped, and how many were skipped so far. Context: a task.
	[[nodiscard]] steady_clock::time_point due() const noexcept
	{
		return steady_clock::time_point(std::chrono::nanoseconds(next_ - period_));
	}
	[[nodiscard]] unsigned int missed() const noexcept { return missed_; }

private:
	void beat(long long now) noexcept
	{
		if (now - next_ >= period_) [[unlikely]] {
			const long long skipped = (now - next_) / period_;

			missed_ += static_cast<unsigned int>(skipped);
			next_ += skipped * period_;
		}
		next_ += period_;
	}

	static constexpr unsigned int short_of(long long slack) noexcept
	{
		if (slack < 0)
			return 0;
		return slack < ~0u ? static_cast<unsigned int>(slack) : ~0u;
	}

	// In nanoseconds. The clock ends after twice the longest one.
	static constexpr long long shortest = 1000, longest = timer_wheel::never_due / 2;

	// Small, as there may be 100,000 of them.
	long long period_, next_;
	unsigned int slack_, missed_ = 0;
};
} // namespace kthread
