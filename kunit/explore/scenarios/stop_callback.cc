// SPDX-License-Identifier: GPL-2.0
//
// Sources, tokens and callbacks without a thread, and with one; threads that are detached.
#include "scenario.hpp"

using kthread::errno_t;
using kthread::jthread;
using kthread::stop_callback;
using kthread::stop_source;
using kthread::stop_token;

namespace
{
// A source that must not be gone before the callbacks of others.
stop_source make_source()
{
	auto made = stop_source::create();

	return std::move(must(made));
}
} // namespace

// The callback is called once, whoever comes first, or never if it goes first.
SCENARIO(callback_and_request)
{
	tally t;
	const stop_source source = make_source();
	bool is_first = false;
	context a("stopper", [&] { is_first = source.request_stop(); });
	{
		const stop_callback callback(source.get_token(), [c = counted(t)] { c(); });
		if (source.stop_requested())
			expect(t.calls_now() <= 1, "not twice");
	}
	const int calls = t.calls_now();
	join();
	expect(calls <= 1 && t.calls_now() == calls, "not after its destructor");
	expect(is_first && source.stop_requested(), "the only request is the first");
}

SCENARIO(two_requests_and_a_callback)
{
	tally t;
	const stop_source source = make_source();
	const stop_callback callback(source.get_token(), [c = counted(t)] { c(); });
	int firsts[2] = {};
	context a("one", [&] { firsts[0] = source.request_stop(); });
	context b("other", [&] { firsts[1] = source.request_stop(); });
	join();
	expect(firsts[0] + firsts[1] == 1, "one is the first");
	expect(t.calls_now() == 1, "called once");
}

// Two of one state, and one of another that may stand in the same list.
SCENARIO(callbacks_of_two_sources)
{
	tally t, u;
	const stop_source source = make_source(), other = make_source();
	context a("stopper", [&] { source.request_stop(); });
	{
		const stop_callback one(source.get_token(), [c = counted(t)] { c(); });
		const stop_callback two(other.get_token(), [c = counted(u)] { c(); });
		const stop_callback three(source.get_token(), [c = counted(t)] { c(); });
		join();
		expect(t.calls_now() == 2 && !u.calls_now(), "those of the source");
	}
	other.request_stop();
	expect(!u.calls_now(), "gone");
}

// The destructor waits for a call in another thread.
SCENARIO(callback_goes_while_it_is_called)
{
	const stop_source source = make_source();
	int written = 0;
	{
		const stop_callback callback(source.get_token(), [&written] {
			kernel::usleep_range_state(1000, TASK_UNINTERRUPTIBLE);
			++written;
		});
		spawn(
			"stopper",
			[](void *self) { static_cast<const stop_source *>(self)->request_stop(); },
			const_cast<stop_source *>(&source), false, false);
	}
	const int at_the_end = written;
	join();
	expect(written == at_the_end, "it was waited for");
}

// ... and not for its own.
SCENARIO(callback_destroys_itself)
{
	struct holder {
		std::unique_ptr<stop_callback<void (*)()>> callback;
	};
	static std::atomic<stop_callback<void (*)()> *> box;
	const stop_source source = make_source();
	box.store(new (std::nothrow) stop_callback<void (*)()>(
		source.get_token(), [] { delete box.exchange(nullptr); }));
	context a("other", [&] { delete box.exchange(nullptr); });
	expect(source.request_stop(), "the first");
	join();
	expect(!box.load(), "gone");
}

// One callback destroys another one, which may be called by then.
SCENARIO(callback_destroys_another)
{
	tally t;
	const stop_source source = make_source();
	auto *second =
		new (std::nothrow) stop_callback(source.get_token(), [c = counted(t)] { c(); });
	{
		const stop_callback first(source.get_token(),
					  [&] { delete std::exchange(second, nullptr); });
		context a("stopper", [&] { source.request_stop(); });
		join();
	}
	expect(!second && t.calls_now() <= 1, "destroyed by the other");
}

SCENARIO(interrupt_requests)
{
	tally t;
	const stop_source source = make_source();
	interrupt a("irq", [&] { source.request_stop(); });
	{
		const stop_callback callback(source.get_token(), [c = counted(t)] { c(); });
	}
	const int calls = t.calls_now();
	join();
	expect(calls <= 1 && t.calls_now() == calls, "not after its destructor");
}

// The last of tokens, sources and callbacks frees the memory.
SCENARIO(token_outlives_its_source)
{
	stop_token token;
	expect(!token.stop_possible() && !token.stop_requested() && token == stop_token(),
	       "of nothing");
	{
		const stop_source source = make_source();
		token = source.get_token();
		expect(token.stop_possible() && token != stop_token(), "of a source");
		context a("copier", [token] { (void)token.stop_requested(); });
		context b("other", [copy = source] { copy.request_stop(); });
		join();
	}
	expect(token.stop_requested() && token.stop_possible(), "was requested");
}

SCENARIO(token_of_a_source_that_is_gone)
{
	stop_token token;
	{
		const stop_source source = make_source();
		stop_source copy(source), moved(std::move(copy));
		token = moved.get_token();
		expect(token == source.get_token() && source == moved && copy == stop_source(),
		       "of the same state");
	}
	expect(!token.stop_possible(), "nobody can request a stop");
}

SCENARIO(source_without_memory)
{
	allow_failures(1);
	const auto made = stop_source::create();
	allow_failures(0);
	expect(made ? made->stop_possible() : made.error() == errno_t::ENOMEM, "made, or not");
	const stop_source none(kthread::nostopstate);
	expect(!none.stop_possible() && !none.request_stop() && none == stop_source(), "none");
}

// A sleep by a token that is no body's.
SCENARIO(sleeps_by_another_token)
{
	const stop_source source = make_source();
	auto made = jthread::run("thread", [token = source.get_token()](stop_token own) {
		int rounds = 0;
		while (!token.stop_requested() && !own.stop_requested())
			(void)token.wait([&rounds] { return ++rounds, false; });
		return 7;
	});
	expect(source.request_stop(), "the first");
	const auto r = must(made).join();
	expect(r && *r == 7, "the request has ended the sleep");
}

SCENARIO(sleeps_by_another_token_until)
{
	const stop_source source = make_source();
	auto made = jthread::run(
		"thread", [token = source.get_token()] { return token.sleep_for(1ms) ? 1 : 2; });
	context a("stopper", [&] { source.request_stop(); });
	const auto r = must(made).join();
	join();
	expect(r && (*r == 1 || *r == 2), "over or ended");
}

// The thread's own: registered by the body, and by others.
SCENARIO(callback_of_a_thread)
{
	tally t, u;
	{
		auto made = jthread::run("thread", [&t, c = counted(t)](stop_token stop) {
			const stop_callback callback(stop, [&t] { t.call(); });
			while (!stop.stop_requested())
				(void)stop.wait([] { return false; });
			return 7;
		});
		jthread &thread = must(made);
		const stop_callback callback(thread.get_stop_token(), [c = counted(u)] { c(); });
		expect(thread.get_stop_token() == thread.get_stop_source().get_token(),
		       "one state");
		const auto r = thread.stop();
		expect(!r || *r == 7, "the body's");
		expect(t.calls_now() <= 1 && u.calls_now() == 1, "each once");
		expect(thread.get_stop_token().stop_requested() && !thread.request_stop(), "asked");
	}
}

SCENARIO(callback_of_a_thread_that_is_joined)
{
	tally t;
	auto made = jthread::create("thread", [](stop_token) { return 7; });
	jthread &thread = must(made);
	{
		const stop_callback callback(thread.get_stop_token(), [c = counted(t)] { c(); });
		(void)thread.join();
		expect(t.calls_now() == 1, "a thread that never started is stopped");
	}
}

// They outlive the thread, and request a stop of what is gone.
SCENARIO(source_outlives_its_thread)
{
	stop_source source;
	stop_token token;
	{
		auto made = jthread::run("thread", [](stop_token stop) {
			while (!stop.stop_requested())
				(void)stop.wait([] { return false; });
		});
		source = must(made).get_stop_source();
		token = must(made).get_stop_token();
		context a("stopper", [copy = source] { copy.request_stop(); });
		if (token.stop_requested())
			expect(!source.request_stop(), "not the first");
		join();
	}
	expect(token.stop_requested() && !source.request_stop(), "the thread is gone");
}

// A token of a thread in static storage is waited for.
SCENARIO(token_outlives_a_static_thread)
{
	tally t;
	auto *const thread = new (std::nothrow) kthread::static_jthread<sizeof(counted)>;
	expect(bool(thread->run("thread", sleeper(t))), "runs");
	context a("other", [token = thread->get_stop_token()]() mutable {
		(void)token.stop_requested();
		token = {};
	});
	thread->reset();
	delete thread;
	expect_log(0, 1);
	join();
}

// The thread destroys the body's captures before other contexts see its end.
SCENARIO(captures_die_before_the_join)
{
	tally t;
	auto made = jthread::run("thread", sleeper(t));
	expect_result(must(made).stop(), t, 7);
	expect(!t.living_now(), "destroyed");
	expect(!made->joinable() && made->get_id() == kthread::thread_id(), "joined");
}

SCENARIO(run_begun_is_not_stopped_before)
{
	tally t;
	auto made = jthread::run_begun("thread", sleeper(t));
	expect_result(must(made).stop(), t, 7);
	expect(t.calls_now() == 1, "the body was called");
}

SCENARIO(static_run_begun_and_stopped)
{
	tally t;
	kthread::static_jthread<sizeof(counted)> thread;
	thread.request_stop();
	expect(bool(thread.run_begun("thread", sleeper(t))), "runs");
	thread.reset();
	expect(t.calls_now() == 1 && !t.living_now(), "the body was called");
}

SCENARIO(join_until_and_stop)
{
	tally t;
	auto made = jthread::run("thread", sleeper(t));
	jthread &thread = must(made);
	context a("stopper", [&] { thread.request_stop(); });
	const auto r = thread.join_for(1ms);
	if (r || r.error() != errno_t::ETIMEDOUT)
		expect_result(r, t, 7);
	else
		expect(thread.joinable(), "as it was");
	join();
	expect_result(thread.join(), t, 7);
}

SCENARIO(join_until_of_what_ends)
{
	tally t;
	auto made = jthread::run("thread", [c = counted(t)](stop_token) { return c(), 3; });
	jthread &thread = must(made);
	context a("stopper", [&] {
		const auto r = thread.stop();
		expect(!r || *r == 3, "stopped");
	});
	const auto r = thread.join_for(1ms);
	expect(!r || *r == 3, "joined");
	join();
}

SCENARIO(bodies_of_each_kind)
{
	std::atomic<int> sum{0};
	auto plain = jthread::run("plain", [&] { sum.fetch_add(1); });
	auto with_arguments = jthread::run(
		"arguments",
		[&](stop_token, std::unique_ptr<int> n, int m) { return sum.fetch_add(*n), m; },
		std::make_unique<int>(2), 9);
	const auto r = must(with_arguments).join();
	expect(r && *r == 9, "the result");
	expect(must(plain).join().value_or(-1) == 0 && sum.load() == 3, "called");
}

SCENARIO(moved_over_another)
{
	tally t, u;
	auto one = jthread::run("one", sleeper(t));
	auto two = jthread::run("two", sleeper(u));
	jthread &thread = must(one);
	thread = std::move(must(two));
	expect(!t.living_now() && u.living_now(), "the old one is gone");
	swap(thread, *two);
	expect(!thread.joinable() && two->joinable(), "swapped");
}

// Detached, the thread frees all, and the module waits for it.
SCENARIO(detached_and_module_goes)
{
	tally t;
	stop_source source;
	{
		auto made = jthread::run("thread", [c = counted(t)](stop_token stop) {
			c();
			while (!stop.stop_requested())
				(void)stop.wait([] { return false; });
		});
		source = must(made).get_stop_source();
		expect(bool(made->detach()) && !made->joinable(), "detached");
		expect(made->detach().error() == errno_t::ESRCH, "no more");
	}
	context a("stopper", [&] { source.request_stop(); });
	module_goes();
	join();
	expect(!t.living_now(), "destroyed");
}

SCENARIO(detached_while_it_ends)
{
	tally t;
	auto made = jthread::run("thread", [c = counted(t)] { c(); });
	expect(bool(must(made).detach()), "detached");
	module_goes();
	expect(!t.living_now() && t.calls_now() == 1, "has run");
}

SCENARIO(detached_before_its_start)
{
	tally t;
	auto made = jthread::create("thread", [c = counted(t)] { c(); });
	expect(bool(must(made).detach()), "detached");
	module_goes();
	expect(!t.living_now() && t.calls_now() == 1, "has run");
}

SCENARIO(detached_while_it_is_parked)
{
	tally t;
	auto made = jthread::run("thread", sleeper(t));
	const stop_source source = must(made).get_stop_source();
	expect(bool(made->park()), "parked");
	context a("stopper", [&] { source.request_stop(); });
	expect(bool(made->detach()), "detached");
	module_goes();
	join();
	expect(!t.living_now(), "destroyed");
}

SCENARIO(detached_and_stopped)
{
	tally t;
	auto made = jthread::run("thread", sleeper(t));
	context a("stopper", [source = must(made).get_stop_source()] { source.request_stop(); });
	expect(bool(made->detach()), "detached");
	module_goes();
	join();
	expect(!t.living_now(), "destroyed");
}
