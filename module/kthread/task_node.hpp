// SPDX-License-Identifier: GPL-2.0
//
// What a coroutine's frame and its executor share. It is for the headers of the library:
//
//	bool is_leaf(const kthread::task_group &group)
//	{
//		return !group.first;
//	}
#pragma once

#include <algorithm>
#include <atomic>
#include <concepts>
#include <coroutine>

#include "kthread/errno.hpp"
#include "kthread/timer_wheel.hpp"

namespace kthread
{
// What a co_await gives: a result that has to go into a variable of its own first.
//
//	auto came = co_await ready.wait();
//	if (!came)
//		co_return came;
//
// It may be returned or discarded too. Everything else is refused, as compilers translate some of it wrong, and as a
// result has to be looked at anyway. Context: any. Lifetime: it is a value. Implemented with result.
template <class T>
class [[nodiscard]] awaited
{
public:
	// As result has them.
	[[nodiscard]] bool has_value() const &noexcept { return value_.has_value(); }
	[[nodiscard]] explicit operator bool() const &noexcept { return value_.has_value(); }
	[[nodiscard]] errno_t error() const &noexcept { return value_.error(); }
	[[nodiscard]] std::add_lvalue_reference_t<T> operator*() &noexcept { return *value_; }
	[[nodiscard]] T *operator->() &noexcept { return &*value_; }
	template <class U>
	[[nodiscard]] T value_or(U &&other) const &
	{
		return value_.value_or(std::forward<U>(other));
	}
	// The result itself. Context: any. Errors: those of what was awaited. Implemented with a reference.
	[[nodiscard]] result<T> &get() &noexcept { return value_; }

	// For the library.
	explicit awaited(result<T> &&value) noexcept : value_(std::move(value)) {}
	awaited(const awaited &) = default;
	awaited(awaited &&) noexcept = default;
	awaited &operator=(const awaited &) = delete;

	// For the library: these say what to write instead.
	template <std::same_as<bool> Bool>
	explicit operator Bool() const &&noexcept
	{
		return refuse<Bool>();
	}
	// For the library: the same.
	template <class Never = T>
	Never operator*() &&noexcept
	{
		return refuse<Never>();
	}
	// For the library: the same.
	template <class Never = T>
	Never *operator->() &&noexcept
	{
		return refuse<Never *>();
	}

private:
	template <class Never>
	static Never refuse() noexcept
	{
		static_assert(
			sizeof(Never) == 0,
			"a co_await stands in no condition and no expression: write \"auto r = co_await …;\" "
			"on a line of its own, and use r");
		return {};
	}

	result<T> value_;
};

class executor_state;
class event;
struct task_group;
struct strand;

// For the library: the part of an executor that its tasks use themselves. It lies at the executor's address.
struct executor_face {
	virtual ~executor_face() = default;

	std::coroutine_handle<> next;  // where the running task goes on at once
	std::atomic<long long> now{0}; // when the tasks that run were called
};

// For the library: what an executor's inbox has in it, and its timers.
struct task_node : wheel_timer {
	enum kinds : unsigned char { fresh, begun, control, limit };

	explicit task_node(kinds kind) noexcept : kind(kind) {}

	// These fit behind those of the timer.
	kinds kind;
	// Of a strand: what it waits for, and how its last wait has ended. The executor's thread writes them.
	enum states : unsigned char { runs, sleeps, on_event, on_group } state = runs;
	enum ends : unsigned char { done, late, stopped, busy, foreign } how = done;
	// So many tasks lie in each other, in the parameters of this one.
	unsigned char depth : 6 = 0;
	bool is_stored : 1 = false;      // in a task_storage
	bool has_heap_child : 1 = false; // a task that is not, among the parameters
	// So many of those that may stop it have done so. A task that has most_stops of them stays stopped.
	unsigned short stops = 0;
	static constexpr unsigned int most_stops = 0xffff;
	task_node *next = nullptr;

	void add_stops(unsigned int more) noexcept
	{
		stops = static_cast<unsigned short>(std::min(stops + more, most_stops));
	}
};

// For the library: one line of execution, which is a spawned task and the children that it awaits one in another.
// It is a part of each promise. That of a child has no use but for leaf.
struct strand : task_node {
	strand() noexcept : task_node(fresh) {}

	[[nodiscard]] bool has_begun() const noexcept { return kind == begun; }
	[[nodiscard]] executor_face &exec() const noexcept;
	[[nodiscard]] result<void> outcome() const noexcept
	{
		static constexpr errno_t errors[] = {errno_t{}, errno_t::ETIMEDOUT,
						     errno_t::ECANCELED, errno_t::EBUSY,
						     errno_t::EINVAL};

		if (how == done) [[likely]]
			return {};
		return std::unexpected(errors[how]);
	}

	// Where it goes on. Of a child: the coroutine that awaits it.
	std::coroutine_handle<> leaf;
	// The spawned task of the line. Of a child: of the one that awaits it.
	strand *root = this;
	task_group *owner = nullptr;
	strand *sibling = nullptr, **sibling_link = nullptr;
	union {
		void *frame;       // before it has begun, and at its end
		event *on;         // on_event
		task_group *group; // on_group
	};
};

// For the library: strands that are stopped together. All but the atomic members is the executor's thread's own.
struct task_group {
	task_group(executor_face *exec, void (*ended)(task_group &, strand &) noexcept) noexcept
		: exec(exec), ended(ended), stop_node(task_node::control, *this)
	{
	}
	task_group(const task_group &) = delete;
	task_group &operator=(const task_group &) = delete;

	// For the library: how a group is told of a stop.
	struct control_node : task_node {
		control_node(kinds kind, task_group &group) noexcept : task_node(kind), group(group)
		{
		}
		task_group &group;
	};

	executor_face *exec;
	// Before the strand is destroyed, or null.
	void (*const ended)(task_group &, strand &) noexcept;
	strand *first = nullptr;
	strand *joiner = nullptr; // a strand that waits for the end of all
	task_group *next = nullptr,
		   **link = nullptr; // among the executor's groups, if it has strands
	task_group *next_stopped = nullptr;
	bool has_stopped = false;
	bool is_local = false; // of a task that waits in it, so that no thread can
	std::atomic<bool> stopping{false};
	// The strands, and one for the stop that is on its way. Who takes the last one touches the group no more.
	std::atomic<unsigned int> pending{0};
	control_node stop_node;
};

inline executor_face &strand::exec() const noexcept
{
	return *owner->exec;
}

// For the library: shared by an executor, its thread, and its scopes, any of which may go last.
class executor_ref
{
public:
	constexpr executor_ref() noexcept = default;
	explicit executor_ref(executor_face *state) noexcept;
	executor_ref(const executor_ref &other) noexcept : executor_ref(other.get()) {}
	executor_ref(executor_ref &&other) noexcept : state_(std::exchange(other.state_, nullptr))
	{
	}
	executor_ref &operator=(executor_ref other) noexcept
	{
		std::swap(state_, other.state_);
		return *this;
	}
	~executor_ref();

	explicit operator bool() const noexcept { return state_; }
	executor_state *operator->() const noexcept { return state_; }
	[[nodiscard]] executor_face *get() const noexcept;

private:
	executor_state *state_ = nullptr;
};
} // namespace kthread
