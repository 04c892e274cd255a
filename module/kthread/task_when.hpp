// SPDX-License-Identifier: GPL-2.0
//
// Several tasks at once, and a task with a deadline:
//
//	kthread::task<int> first_of(kthread::task<int> one, kthread::task<int> other)
//	{
//		auto first = co_await kthread::when_any(std::move(one), std::move(other));
//
//		if (!first)
//			co_return std::unexpected(first.error());
//		co_return first->value;
//	}
//
//	kthread::task<int> first_in_time(kthread::task<int> one, kthread::task<int> other)
//	{
//		auto first = co_await kthread::within(1s, first_of(std::move(one), std::move(other)));
//
//		co_return first;
//	}
#pragma once

#include <tuple>

#include "kthread/this_task.hpp"

namespace kthread
{
// For the library: ends the waits of a task when its time has come.
struct task_limit : task_node {
	task_limit() noexcept : task_node(limit) {}
	strand *of = nullptr;
	bool has_come = false;
};

// For the library: steps of a task, as in task_event.hpp.
void task_is_limited(strand &self, task_limit &limit, long long due, long long slack) noexcept;
void task_is_free(task_limit &limit) noexcept;
void task_starts(strand &self, std::coroutine_handle<> at, task_group &group,
		 strand *const *children, unsigned int count) noexcept;
// For the library: stops the tasks of a group, on their executor.
void task_group_stops(task_group &group) noexcept;

// For the library: what makes an awaiter that owns children, and so is awaited where it was made.
template <class Awaiter, class... Args>
class [[nodiscard("tasks that are not awaited do nothing")]] awaited_once
{
public:
	explicit awaited_once(Args... args) noexcept : args_(std::move(args)...) {}

	Awaiter operator co_await() &&noexcept
	{
		return std::make_from_tuple<Awaiter>(std::move(args_));
	}
	template <class Never = Awaiter>
	Awaiter operator co_await() &noexcept
	{
		static_assert(sizeof(std::type_identity<Never>) == 0,
			      "it is awaited once, where it was made: write \"auto r = co_await "
			      "when_all(…);\"");
		return std::move(*this).operator co_await();
	}

private:
	std::tuple<Args...> args_;
};

// For the library: a child that has a limit.
template <class T>
class limit_awaiter
{
public:
	limit_awaiter(long long due, long long slack, task<T> child) noexcept
		: awaiter_(std::move(child).operator co_await()), due_(due), slack_(slack)
	{
	}
	[[nodiscard]] bool await_ready() const noexcept { return awaiter_.await_ready(); }
	template <class Promise>
	void await_suspend(std::coroutine_handle<Promise> self) noexcept
	{
		task_is_limited(*self.promise().root, limit_, due_, slack_);
		awaiter_.await_suspend(self);
	}
	awaited<T> await_resume() noexcept
	{
		auto ended = awaiter_.await_resume();

		if (limit_.of)
			task_is_free(limit_);
		// One that was stopped besides stays so.
		if (limit_.has_come && !ended && ended.error() == errno_t::ECANCELED &&
		    !limit_.of->stops)
			return awaited<T>(std::unexpected(errno_t::ETIMEDOUT));
		return ended;
	}

private:
	typename task<T>::awaiter awaiter_;
	long long due_, slack_;
	task_limit limit_;
};

// Waits for a child, and asks it to end when the time is over: its wait ends with ECANCELED then, and so do those that
// follow. Context: a task. Errors: ETIMEDOUT if the child then gave ECANCELED; those of the child. Implemented with a
// timer in the frame.
template <class T>
[[nodiscard]] auto within(timeout time, task<T> child,
			  timeout slack = std::chrono::nanoseconds(0)) noexcept
{
	return awaited_once<limit_awaiter<T>, long long, long long, task<T>>(
		steady_clock::after(steady_clock::now(), time).time_since_epoch().count(),
		slack.get().count(), std::move(child));
}

// For the library: children that run beside each other, and a task that waits for all of them.
template <bool any, class... T>
class when_group : protected task_group
{
	static_assert(sizeof...(T) > 0);

protected:
	explicit when_group(task<T>... children) noexcept
		: task_group(nullptr, ended), children_{children.release()...}
	{
	}

	template <std::size_t... I>
	[[nodiscard]] bool has_all(std::index_sequence<I...>) const noexcept
	{
		return (std::get<I>(children_) && ...);
	}

public:
	// Those that were never awaited, or for which there was no memory.
	~when_group()
	{
		if (!has_started_)
			destroy(indices());
	}

	[[nodiscard]] bool await_ready() const noexcept { return !has_all(indices()); }
	template <class Promise>
	void await_suspend(std::coroutine_handle<Promise> self) noexcept
	{
		has_started_ = true;
		start(*self.promise().root, self, indices());
	}

protected:
	using indices = std::index_sequence_for<T...>;
	static constexpr std::size_t none = sizeof...(T);

	std::tuple<task_promise<T> *...> children_;
	std::tuple<result<T>...> results_{result<T>(std::unexpected(errno_t::ECANCELED))...};
	std::size_t first_ = none;

private:
	template <std::size_t... I>
	void destroy(std::index_sequence<I...>) noexcept
	{
		((std::get<I>(children_) ? std::get<I>(children_)->leaf.destroy() : void()), ...);
	}
	template <std::size_t... I>
	void start(strand &self, std::coroutine_handle<> at, std::index_sequence<I...>) noexcept
	{
		strand *const all[] = {std::get<I>(children_)...};

		task_starts(self, at, *this, all, sizeof...(T));
	}

	template <std::size_t I>
	void take(strand &child) noexcept
	{
		if (&child != std::get<I>(children_))
			return;
		if (child.has_begun())
			std::get<I>(results_) = std::move(std::get<I>(children_)->value);
		if (first_ == none)
			first_ = I;
	}
	template <std::size_t... I>
	void take_any(strand &child, std::index_sequence<I...>) noexcept
	{
		(take<I>(child), ...);
	}
	static void ended(task_group &group, strand &child) noexcept
	{
		auto &self = static_cast<when_group &>(group);

		self.take_any(child, indices());
		if constexpr (any)
			task_group_stops(group);
	}

	bool has_started_ = false;
};

// For the library: see when_all().
template <class... T>
class when_all_awaiter : public when_group<false, T...>
{
public:
	explicit when_all_awaiter(task<T>... children) noexcept
		: when_group<false, T...>(std::move(children)...)
	{
	}
	awaited<std::tuple<result<T>...>> await_resume() noexcept
	{
		using all = result<std::tuple<result<T>...>>;

		if (!this->has_all(std::index_sequence_for<T...>()))
			return awaited<std::tuple<result<T>...>>(
				all(std::unexpected(errno_t::ENOMEM)));
		return awaited<std::tuple<result<T>...>>(all(std::move(this->results_)));
	}
};

// The first of several that has ended. Lifetime: it is a value. Implemented with result.
template <class T>
struct first_result {
	std::size_t index;
	result<T> value;
};

// For the library: see when_any().
template <class T, class... Same>
class when_any_awaiter : public when_group<true, T, Same...>
{
public:
	explicit when_any_awaiter(task<T> first, task<Same>... others) noexcept
		: when_group<true, T, Same...>(std::move(first), std::move(others)...)
	{
	}
	awaited<first_result<T>> await_resume() noexcept
	{
		using first = result<first_result<T>>;

		if (!this->has_all(std::index_sequence_for<T, Same...>()))
			return awaited<first_result<T>>(first(std::unexpected(errno_t::ENOMEM)));
		return awaited<first_result<T>>(
			first(value(std::index_sequence_for<T, Same...>())));
	}

private:
	template <std::size_t... I>
	first_result<T> value(std::index_sequence<I...>) noexcept
	{
		first_result<T> r{this->first_, std::unexpected(errno_t::ECANCELED)};

		((I == r.index ? void(r.value = std::move(std::get<I>(this->results_))) : void()),
		 ...);
		return r;
	}
};

// Runs the children beside each other, on the same executor, and waits for all. Gives the result of each in a tuple. A
// stop of the awaiting task reaches them. Context: a task. Errors: ENOMEM if there was no memory for the frame of one;
// none runs then. Implemented with a group in the frame.
template <class... T>
[[nodiscard]] auto when_all(task<T>... children) noexcept
{
	return awaited_once<when_all_awaiter<T...>, task<T>...>(std::move(children)...);
}

// The same, but the first that ends stops the others. Gives that one's number and result when all have ended. Context:
// a task. Errors: those of when_all(). Implemented with a group in the frame.
template <class T, class... Same>
[[nodiscard]] auto when_any(task<T> first, task<Same>... others) noexcept
{
	static_assert((std::is_same_v<T, Same> && ...),
		      "the tasks of when_any() give the same type");
	return awaited_once<when_any_awaiter<T, Same...>, task<T>, task<Same>...>(
		std::move(first), std::move(others)...);
}
} // namespace kthread
