// SPDX-License-Identifier: GPL-2.0
//
// The library's types under the standard's names, for libstdc++'s tests of threads and stop requests. What the
// library gives as a result, and the standard throws, fails the test.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <utility>

#include "explore.hpp"
#include "kthread/jthread.hpp"
#include "kthread/this_thread.hpp"

// The explorer takes a variable that its owner has not written yet for a part of the dead frame that was there before,
// also when a new thread writes it. This tells it that the caller's frames are alive.
void conformance_keeps_frames();

namespace std
{
using kthread::nostopstate;
using kthread::nostopstate_t;
using kthread::stop_callback;
using kthread::stop_token;

class stop_source : public kthread::stop_source
{
public:
	stop_source() : kthread::stop_source(made()) {}
	explicit stop_source(nostopstate_t) noexcept : kthread::stop_source(nostopstate) {}
	stop_source(kthread::stop_source of_a_thread) noexcept
		: kthread::stop_source(std::move(of_a_thread))
	{
	}
	friend void swap(stop_source &one, stop_source &other) noexcept { one.swap(other); }

private:
	static kthread::stop_source made()
	{
		auto source = kthread::stop_source::create();

		if (!source)
			explore::fail("no memory for a stop_source");
		return std::move(*source);
	}
};

class jthread : public kthread::jthread
{
public:
	using id = kthread::thread_id;

	jthread() noexcept = default;
	template <class F, class... Args>
		requires(!std::is_same_v<std::remove_cvref_t<F>, jthread>)
	explicit jthread(F &&f, Args &&...args)
		: kthread::jthread(started(std::forward<F>(f), std::forward<Args>(args)...))
	{
	}

	// join() gives EINTR if the thread was stopped before its body began: docs/library.md says so.
	void join()
	{
		const auto code = kthread::jthread::join();

		if (!code && code.error() != kthread::errno_t::EINTR)
			explore::fail("join() gives %d", kthread::to_errno(code));
	}
	void detach()
	{
		if (const auto done = kthread::jthread::detach(); !done)
			explore::fail("detach() gives %d", kthread::to_errno(done));
	}

private:
	template <class... Args>
	static kthread::jthread started(Args &&...args)
	{
		conformance_keeps_frames();
		auto thread = kthread::jthread::run("test", std::forward<Args>(args)...);

		if (!thread)
			explore::fail("run() gives %d", kthread::to_errno(thread));
		return std::move(*thread);
	}
};

// The tests join each.
using thread = jthread;

namespace this_thread
{
using kthread::this_thread::get_id;
using kthread::this_thread::sleep_for;
using kthread::this_thread::sleep_until;
using kthread::this_thread::yield;
} // namespace this_thread

// Nothing throws.
inline void set_terminate(void (*)()) {}

// The tests of callbacks store lambdas in it that capture a reference, and ask for no more.
template <class>
class function;
template <>
class function<void()>
{
public:
	template <class F>
		requires(!std::is_same_v<F, function> && sizeof(F) <= sizeof(void *))
	function(F f) : call_([](const void *stored) { (*static_cast<const F *>(stored))(); })
	{
		new (static_cast<void *>(&stored_)) F(f);
	}
	function(const function &) = default;
	function(function &&other) noexcept
		: stored_(other.stored_), call_(std::exchange(other.call_, nullptr))
	{
	}
	function &operator=(const function &) = default;

	void operator()() const { call_(&stored_); }
	friend bool operator==(const function &one, nullptr_t) { return !one.call_; }

private:
	void *stored_;
	void (*call_)(const void *);
};
} // namespace std
