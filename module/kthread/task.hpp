// SPDX-License-Identifier: GPL-2.0
//
// A coroutine that may wait without a thread of its own:
//
//	kthread::task<int> read(kthread::event &ready, const int &value)
//	{
//		auto came = co_await ready.wait(kthread::in(100ms));
//
//		if (!came)
//			co_return std::unexpected(came.error());
//		co_return value;
//	}
//
//	kthread::task<int> read_twice(kthread::event &ready, const int &value)
//	{
//		auto first = co_await read(ready, value);
//		auto second = co_await read(ready, value);
//
//		if (!first || !second)
//			co_return std::unexpected(kthread::errno_t::EIO);
//		co_return *first + *second;
//	}
//
// A function that has a co_await or a co_return, and gives a task, is a coroutine. Its call allocates a frame, which
// holds its parameters and variables, and runs nothing. The frame runs on an executor: it is spawned there, or
// another task awaits it. docs/tasks.md says which forms the compilers translate wrong; they are refused.
#pragma once

#include "kthread/task_event.hpp"
#include "kthread/task_frames.hpp"
#include "kthread/task_node.hpp"
#include "kthread/task_storage.hpp"

namespace kthread
{
template <class T = void>
class task;

template <class T>
struct task_promise;

#if !defined(__clang__) && __GNUC__ < 14
#define KTHREAD_CHECKS_FRAMES 1
#ifdef __NO_INLINE__
// For the library: nothing is known before it runs.
[[noreturn]] inline void co_await_in_a_condition()
{
	__builtin_trap();
}
#else
[[gnu::error(
	"this compiler puts the condition of if, while or switch over the coroutine's frame: write "
	"\"auto r = co_await …;\" on a line of its own, and test r")]] void
co_await_in_a_condition();
#endif
#endif

// For the library: what a coroutine does first. All of it is inlined at once: the compiler would not see through the
// counters of a profile between.
class first_suspend
{
public:
	[[gnu::always_inline]] explicit first_suspend(strand &promise) noexcept : promise_(promise)
	{
	}
	[[nodiscard, gnu::always_inline]] static bool await_ready() noexcept { return false; }
	template <class Promise>
	[[gnu::always_inline]] void
	await_suspend([[maybe_unused]] std::coroutine_handle<Promise> self) noexcept
	{
#ifdef KTHREAD_CHECKS_FRAMES
		// By builtins alone, which the compiler folds in each kernel.
		if (__builtin_coro_promise(__builtin_addressof(promise_), alignof(strand), true) !=
		    __builtin_bit_cast(void *, self))
			co_await_in_a_condition();
#endif
	}
	static void await_resume() noexcept {}

private:
	[[maybe_unused]] strand &promise_;
};

// For the library: what a coroutine does last.
class last_suspend
{
public:
	last_suspend() noexcept = default;
	[[nodiscard]] static bool await_ready() noexcept { return false; }
	template <class Promise>
	void await_suspend(std::coroutine_handle<Promise> self) noexcept
	{
		strand &line = self.promise();

		if (line.root == &line)
			task_ends(line, self.address());
		else
			task_goes_on(*line.root, line.leaf);
	}
	static void await_resume() noexcept {}
};

// For the library: what the compiler asks of a coroutine, and the frame's part for the executor.
template <class T>
struct task_promise : strand {
	// With the parameters of the coroutine, as they lie in its frame.
	template <class... Args>
	explicit task_promise(Args &...args) noexcept
	{
		leaf = std::coroutine_handle<task_promise>::from_promise(*this);
		(own(args), ...);
	}

	// Context: may sleep.
	static void *operator new(std::size_t size) noexcept { return task_frames::allocate(size); }
	static void operator delete(void *frame, std::size_t size) noexcept
	{
		task_frames::free(frame, size);
	}

	static task<T> get_return_object_on_allocation_failure() noexcept { return {}; }
	task<T> get_return_object() noexcept { return task<T>(this); }
	[[gnu::always_inline]] first_suspend initial_suspend() noexcept
	{
		return first_suspend(*this);
	}
	last_suspend final_suspend() noexcept { return {}; }
	void return_value(result<T> returned) noexcept { value = std::move(returned); }
	void return_value(awaited<T> returned) noexcept { value = std::move(returned.get()); }
	[[noreturn]] static void unhandled_exception() noexcept { __builtin_trap(); }

	// What one that ends without a co_return gives.
	static constexpr result<T> nothing() noexcept
	{
		if constexpr (std::is_void_v<T>)
			return {};
		else
			return std::unexpected(errno_t::ENODATA);
	}
	result<T> value = nothing();

private:
	// Frames destroy the tasks among their parameters, one in another, and the kernel's stack is small.
	static constexpr unsigned char deepest = 16;

	template <class Arg>
	static void own(const Arg &) noexcept
	{
	}
	template <class U>
	void own(task<U> &child) noexcept
	{
		if (!child)
			return;
		has_heap_child |= !child.peek()->is_stored || child.peek()->has_heap_child;
		if (child.peek()->depth >= deepest)
			child = {};
		else if (child.peek()->depth >= depth)
			depth = static_cast<unsigned char>(child.peek()->depth + 1);
	}
};

// A coroutine that gives a result<T>. Awaited once, or spawned once, from where on it runs; it belongs to the awaiting
// task then, or to a scope or a job, and this object is empty. Move-only. Context of co_await: a task. Errors of
// co_await: what the task returns; ENOMEM if the object is empty, as there was no memory for the frame, or as the task
// has been awaited or spawned already. Up to 16 tasks may be parameters of one another; the innermost ones are
// destroyed at once if there are more, and give ENOMEM. Lifetime: the destructor destroys the frame.
template <class T>
class [[nodiscard("a task that is neither awaited nor spawned does nothing")]] task
{
public:
	using promise_type = task_promise<T>;

	task() noexcept = default;
	task(task && other) noexcept : promise_(std::exchange(other.promise_, nullptr)) {}
	task &operator=(task &&other) noexcept
	{
		task moved(std::move(other));
		std::swap(promise_, moved.promise_);
		return *this;
	}
	// Destroys the frame, if nobody has taken it. Context: atomic. Wraps kfree().
	~task()
	{
		if (promise_)
			handle_of(*promise_).destroy();
	}

	// Whether there was memory for the frame. Context: any. Implemented with a pointer.
	explicit operator bool() const noexcept
	{
		return promise_;
	}

	// For the library: waits for a child, which it owns.
	class awaiter
	{
	public:
		explicit awaiter(promise_type *child) noexcept : child_(child) {}
		awaiter(const awaiter &) = delete;
		awaiter &operator=(const awaiter &) = delete;
		~awaiter()
		{
			if (child_)
				handle_of(*child_).destroy();
		}
		[[nodiscard]] bool await_ready() const noexcept { return !child_; }
		template <class Promise>
		void await_suspend(std::coroutine_handle<Promise> parent) noexcept
		{
			strand &root = *parent.promise().root;

			child_->root = &root;
			task_goes_on(root, std::exchange(child_->leaf, parent));
		}
		awaited<T> await_resume() noexcept
		{
			if (!child_)
				return awaited<T>(std::unexpected(errno_t::ENOMEM));
			return awaited<T>(std::move(child_->value));
		}

	private:
		promise_type *child_;
	};
	// For the library: what co_await calls.
	awaiter operator co_await() &&noexcept
	{
		return awaiter(release());
	}
	// For the library: says what to write instead.
	template <class Never = T>
	awaiter operator co_await() &noexcept
	{
		static_assert(sizeof(std::type_identity<Never>) == 0,
			      "a task is awaited once, and gone then: write \"auto r = co_await "
			      "std::move(child);\"");
		return awaiter(release());
	}

	// For the library: the frame's promise, and the owner takes it.
	[[nodiscard]] promise_type *peek() const noexcept
	{
		return promise_;
	}
	[[nodiscard]] promise_type *release() noexcept
	{
		return std::exchange(promise_, nullptr);
	}

private:
	friend promise_type;
	explicit task(promise_type * promise) noexcept : promise_(promise) {}

	[[nodiscard]] static std::coroutine_handle<promise_type> handle_of(promise_type &
									   promise) noexcept
	{
		return std::coroutine_handle<promise_type>::from_promise(promise);
	}

	promise_type *promise_ = nullptr;
};

// For the library: whether a type is that of a lambda, which only its name tells.
template <class T>
constexpr bool is_lambda() noexcept
{
	// <lambda(int)> or (lambda at file:line)
	for (const char *at = __PRETTY_FUNCTION__; *at; ++at) {
		if ((at[0] == '<' || at[0] == '(') && at[1] == 'l' && at[2] == 'a' &&
		    at[3] == 'm' && at[4] == 'b' && at[5] == 'd' && at[6] == 'a' &&
		    (at[7] == '(' || at[7] == ' '))
			return true;
	}
	return false;
}

// For the library: the promise of a lambda. Its type is complete when the compiler comes to this function.
template <class Lambda>
void refuse_captures() noexcept
{
	static_assert(
		std::is_empty_v<Lambda>,
		"the captures of a lambda are gone when its task runs: give it parameters instead");
}
template <class T, class Lambda>
struct lambda_promise : task_promise<T> {
	template <class... Args>
	explicit lambda_promise(Args &...args) noexcept : task_promise<T>(args...)
	{
		refuse_captures<Lambda>();
	}
};

// For the library: the promise of a coroutine whose arguments have these types. The first one of a lambda is the lambda.
template <class T, class First,
	  class Object = std::remove_cvref_t<std::remove_pointer_t<std::remove_cvref_t<First>>>>
using promise_of = std::conditional_t<(std::is_reference_v<First> ||
				       std::is_pointer_v<First>)&&is_lambda<Object>(),
				      lambda_promise<T, Object>, task_promise<T>>;
// For the library: whether an argument of a coroutine is a task of somebody else.
template <class Arg>
inline constexpr bool is_reference_to_task = false;
template <class T>
inline constexpr bool is_reference_to_task<task<T> &> = true;
template <class T>
inline constexpr bool is_reference_to_task<task<T> &&> = true;
template <class Promise, class Storage>
using promise_in =
	std::conditional_t<std::is_void_v<Storage>, Promise, stored_promise<Promise, Storage>>;
} // namespace kthread

template <class T, class First, class... Rest>
struct std::coroutine_traits<kthread::task<T>, First, Rest...> {
	static_assert(!kthread::is_reference_to_task<First> &&
			      (!kthread::is_reference_to_task<Rest> && ...),
		      "take a task by value: it belongs to the coroutine that awaits it");
	using promise_type =
		kthread::promise_in<kthread::promise_of<T, First>,
				    typename kthread::storage_among<First, Rest...>::type>;
};
