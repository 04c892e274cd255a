// SPDX-License-Identifier: GPL-2.0
//
// What a scenario is written with; README.md says how.
#pragma once

#include "kthread/jthread_group.hpp"
#include "kthread/percpu_threads.hpp"
#include "kthread/ticker.hpp"
#include "kthread/worker.hpp"

#include "model/kernel.hpp"

// SCENARIO(name, .fails = "…") { … }: what stands in the braces is run once for each schedule, by a
// thread called main. In the arguments stand members of explore::scenario.
#define SCENARIO(id, ...)                                                                          \
	static void id();                                                                          \
	static explore::scenario scenario_##id{.name = #id, .run = id __VA_OPT__(, ) __VA_ARGS__}; \
	static const bool added_##id = (scenario_##id.next = explore::scenarios,                   \
					explore::scenarios = &scenario_##id, true);                \
	static void id()

namespace explore
{
// A context of its own, which runs from here on at any time. It lives until join().
template <class F>
class context
{
public:
	context(const char *name, F f) : context(name, f, false, false) {}

protected:
	context(const char *name, F f, bool may_be_held_up, bool is_interrupt) : f_(f)
	{
		spawn(
			name, [](void *self) { static_cast<context *>(self)->f_(); }, this,
			may_be_held_up, is_interrupt);
	}

private:
	F f_;
};

// One that may stop at any step, as a thread that is preempted does, until thaw().
template <class F>
class slow_context : context<F>
{
public:
	slow_context(const char *name, F f) : context<F>(name, f, true, false) {}
};

// One that interrupts.
template <class F>
class interrupt : context<F>
{
public:
	interrupt(const char *name, F f) : context<F>(name, f, false, true) {}
};

template <class F>
slow_context(const char *, F) -> slow_context<F>;
template <class F>
interrupt(const char *, F) -> interrupt<F>;

// Counts how often a body was called, and how many copies of what it captures there are.
struct tally {
	std::atomic<int> calls{0};
	std::atomic<int> living{0};
	int living_now() const { return living.load(std::memory_order_relaxed); }
	int calls_now() const { return calls.load(std::memory_order_relaxed); }
	void call() { calls.fetch_add(1, std::memory_order_relaxed); }
	~tally() { expect(!living_now(), "each capture is destroyed once"); }
};

class counted
{
public:
	explicit counted(tally &t) : t_(&t) { count(1); }
	counted(const counted &other) : t_(other.t_) { count(1); }
	counted(counted &&other) noexcept : t_(std::exchange(other.t_, nullptr)) {}
	~counted()
	{
		if (t_)
			count(-1);
	}
	void operator()() const { t_->call(); }
	tally *operator->() const { return t_; }

private:
	// A thread destroys its captures at any time.
	void count(int by) const { t_->living.fetch_add(by, std::memory_order_relaxed); }

	tally *t_;
};

// A body that sleeps until it is stopped, and returns 7.
inline auto sleeper(tally &t)
{
	return [c = counted(t)](kthread::stop_token stop) {
		c();
		while (!stop.stop_requested())
			(void)stop.wait([] { return false; });
		return 7;
	};
}

// What join() may give for such a body.
inline void expect_result(const kthread::result<int> &r, const tally &t, int code)
{
	if (r)
		expect(*r == code && t.calls_now() == 1, "the result is the body's");
	else
		expect(r.error() == kthread::errno_t::EINTR && !t.calls_now(),
		       "EINTR only if the body was never called");
}

// An object that its owner forgets: nothing destroys it.
template <class T>
union forgotten {
	template <class... Parts>
	explicit forgotten(Parts &&...parts) : object(std::forward<Parts>(parts)...)
	{
	}
	~forgotten() {}
	T *operator->() { return &object; }
	T &operator*() { return object; }

	T object;
};
template <class T>
forgotten(T) -> forgotten<T>;

// A body that looks for the kernel's own request: at its end, the module has stopped to wait.
inline void until_kthread_stop()
{
	while (!kthread_should_stop())
		kernel::usleep_range_state(1000, TASK_UNINTERRUPTIBLE);
}

// For a static_object: has a thread that calls on.wait() at once. Its destructor waits for that.
template <class T, kthread::result<void> (T::*wait)()>
struct object_that_waits {
	T &on;
	kthread::jthread thread;

	explicit object_that_waits(T &on) : on(on) {}
	kthread::result<void> start()
	{
		auto made = kthread::jthread::run("thread", [this](kthread::stop_token) {
			return kthread::to_errno((on.*wait)());
		});

		if (!made)
			return std::unexpected(made.error());
		thread = std::move(*made);
		return {};
	}
};

template <class T>
T &must(kthread::result<T> &r)
{
	expect(static_cast<bool>(r), "created");
	return *r;
}
} // namespace explore

using namespace explore;
using namespace std::chrono_literals;
