// SPDX-License-Identifier: GPL-2.0
//
// What a task waits for, and anybody sets:
//
//	struct device {
//		kthread::event data_ready;
//	};
//
//	void interrupt(device &d)
//	{
//		d.data_ready.set();
//	}
#pragma once

#include "kthread/clock.hpp"
#include "kthread/task_node.hpp"
#include "kthread/waiting.hpp"

namespace kthread
{
// For the library: steps of a task that waits, on its executor's thread. The task goes on at the handle, when the
// wait has ended; strand::how tells how.
void task_yields(strand &self, std::coroutine_handle<> at) noexcept;
void task_ends(strand &self, void *frame) noexcept;
void task_sleeps(strand &self, std::coroutine_handle<> at, long long due, long long slack) noexcept;
void task_awaits(strand &self, std::coroutine_handle<> at, event &event, long long deadline,
		 long long slack) noexcept;
// For the library: waits for the end of a group.
void task_joins(strand &self, std::coroutine_handle<> at, task_group &group) noexcept;

// For the library: the first of these.
inline void task_goes_on(strand &self, std::coroutine_handle<> at) noexcept
{
	self.exec().next = at;
}

// For the library: what the awaiters of a task share that has to wait.
class task_wait
{
public:
	[[nodiscard]] static bool await_ready() noexcept { return false; }
	awaited<void> await_resume() noexcept { return awaited<void>(waiter().outcome()); }

protected:
	constexpr task_wait() noexcept = default;
	~task_wait() = default;

	// The task, of whose coroutines one waits.
	template <class Promise>
	strand &waiter(std::coroutine_handle<Promise> self) noexcept
	{
		self_ = &self.promise();
		return waiter();
	}
	[[nodiscard]] strand &waiter() const noexcept { return *self_->root; }

private:
	// The coroutine's own, whose address clang makes anew and does not keep in the frame.
	strand *self_ = nullptr;
};

// Something that happens, for one task at a time that waits for it. If none waits, the event is remembered, once, for
// the next wait. Lifetime: until the wait has returned, and each set() but the one that ended the wait. Implemented
// with an atomic pointer to the waiting task.
class event
{
public:
	constexpr event() noexcept = default;
	event(const event &) = delete;
	event &operator=(const event &) = delete;

	// Ends the wait, or the next one. The task sees all that the caller wrote before. Context: hard interrupt.
	// Wraps wake_up_process().
	void set() noexcept;

	// For the library: a wait.
	class awaiter : public task_wait
	{
	public:
		awaiter(event &event, long long deadline, long long slack) noexcept
			: event_(event), deadline_(deadline), slack_(slack)
		{
		}
		template <class Promise>
		void await_suspend(std::coroutine_handle<Promise> self) noexcept
		{
			task_awaits(waiter(self), self, event_, deadline_, slack_);
		}

	private:
		event &event_;
		long long deadline_, slack_;
	};

	// Waits until the event is set, and takes it. Context: a task. Errors: ETIMEDOUT after the deadline, which
	// may be seen late by the slack; ECANCELED after a stop request; EBUSY if another task waits.
	[[nodiscard]] awaiter wait(steady_clock::time_point deadline = never,
				   timeout slack = std::chrono::nanoseconds(0)) noexcept
	{
		return {*this, deadline.time_since_epoch().count(), slack.get().count()};
	}

private:
	friend class executor_state;

	// Null, or is_set(), or the task that waits.
	std::atomic<strand *> waiter_{nullptr};
	static strand *is_set() noexcept { return reinterpret_cast<strand *>(1ul); }
};
} // namespace kthread
