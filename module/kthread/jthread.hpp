// SPDX-License-Identifier: GPL-2.0
//
// std::jthread, remade for the kernel's threads:
//
//	auto thread = kthread::jthread::run("ticker", [&ticks](kthread::stop_token stop) {
//		while (!stop.stop_requested()) {
//			++ticks;
//			stop.sleep_for(1s);
//		}
//		return 0;
//	});
//	if (!thread)
//		return kthread::to_errno(thread);
//
// The thread ends at the latest where the handle does: its destructor stops it and waits.
#pragma once

#include <concepts>
#include <utility>

#include "kthread/errno.hpp"
#include "kthread/stop_token.hpp"

namespace kthread
{
// What owner and thread share. It lives until the owner has joined the thread and lets go.
struct thread_state {
	task_struct *task = nullptr; // referenced, so that it can be looked at after its end
	void (*const destroy)(thread_state *);
	std::atomic<bool> stop{false};
	bool ran = false;
	enum : unsigned char { open, joining, joined };
	std::atomic<unsigned char> phase{open};
	int exit_code = 0;

	explicit thread_state(void (*destroy)(thread_state *)) : destroy(destroy) {}

	result<void> create(const char *name, int (*entry)(void *));
	void request_stop();
	result<int> join();

	template <class F>
	int call(F &body)
	{
		if (stop.load(std::memory_order_relaxed))
			return static_cast<int>(errno_t::EINTR);
		ran = true;
		return body(stop_token(stop));
	}
};

// The state and the callable, in one piece of memory.
template <class F>
struct thread_block final : thread_state {
	F body;

	template <class G>
	explicit thread_block(G &&g)
		: thread_state(
			  [](thread_state *self) { delete static_cast<thread_block *>(self); }),
		  body(std::forward<G>(g))
	{
	}

	static int entry(void *self)
	{
		auto *block = static_cast<thread_block *>(self);
		return block->call(block->body);
	}
};

template <class F>
concept thread_body = std::same_as<decltype(std::declval<F &>()(std::declval<stop_token>())), int>;

// A printf-style name, checked by the compiler: jthread::run(name("beat/%u", cpu), body). Cut after
// 63 characters, of which the kernel shows 15 in most places.
class name
{
public:
	[[gnu::format(printf, 2, 3)]] explicit name(const char *format, ...);
	operator const char *() const { return text_; }

private:
	char text_[64];
};

// A kernel thread and what it runs. Move-only; an empty one has no thread.
class jthread
{
public:
	jthread() noexcept = default;
	jthread(jthread &&other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
	jthread &operator=(jthread &&other) noexcept
	{
		jthread moved(std::move(other));
		std::swap(state_, moved.state_);
		return *this;
	}
	// Stops the thread, waits for it, and destroys the body. May sleep.
	~jthread();

	// A thread that does not run yet; wake() starts it. The body is called as int(stop_token)
	// and lives, with its captures, as long as the handle has its thread. The name is plain
	// text, for printf-style see name. Until it is woken the thread is in state D and counts
	// for the load average: that time should be short. May sleep. Errors: ENOMEM; EINTR when
	// the caller is being killed. Stands on kthread_create().
	template <class F>
	[[nodiscard]] static result<jthread> create(const char *name, F &&body)
	{
		using body_type = std::decay_t<F>;
		static_assert(thread_body<body_type>,
			      "a thread's body is called as int(kthread::stop_token)");
		using block = thread_block<body_type>;

		jthread thread(new (std::nothrow) block(std::forward<F>(body)));
		if (!thread.state_)
			return std::unexpected(errno_t::ENOMEM);
		if (auto created = thread.state_->create(name, block::entry); !created)
			return std::unexpected(created.error());
		return thread;
	}

	// create() and wake(). Stands on kthread_run().
	template <class F>
	[[nodiscard]] static result<jthread> run(const char *name, F &&body)
	{
		auto thread = create(name, std::forward<F>(body));
		if (thread)
			thread->wake();
		return thread;
	}

	// Starts a created thread, or ends the sleep of a running one. True if it was asleep. From
	// any context. Stands on wake_up_process().
	bool wake() { return state_ && wake_up_process(state_->task); }

	// Asks the thread to end and wakes it, without waiting. From any context.
	void request_stop()
	{
		if (state_)
			state_->request_stop();
	}

	// Asks the thread to end, waits until it has, and gives what its body returned; again and
	// from several contexts at once: the same. May sleep. Errors: EINTR if the body was never
	// called; EDEADLK from the thread itself; ESRCH if empty. Stands on kthread_stop().
	result<int> stop()
	{
		if (!state_)
			return std::unexpected(errno_t::ESRCH);
		return state_->join();
	}

	// Whether it has a thread, ended or not.
	[[nodiscard]] bool joinable() const noexcept { return state_; }

	// Its process id as ps shows it, 0 if empty. From any context.
	[[nodiscard]] int pid() const { return state_ ? bridge_task_pid(state_->task) : 0; }

private:
	explicit jthread(thread_state *state) noexcept : state_(state) {}

	thread_state *state_ = nullptr;
};
} // namespace kthread
