// SPDX-License-Identifier: GPL-2.0
//
// The life of a thread, by its handle: each two of what its owners can do at the same time.
#include "kthread/this_thread.hpp"

#include "scenario.hpp"

using kthread::errno_t;
using kthread::jthread;
using kthread::stop_token;
using kthread::thread_progress;

namespace
{
// A handle's functions by a number, for the pairs.
enum operation { wake, request_stop, stop, do_join, park, unpark, park_unpark, bind, bind_list };

void call(jthread &thread, operation what, const tally &t)
{
	switch (what) {
	case wake:
		thread.wake();
		break;
	case request_stop:
		thread.request_stop();
		break;
	case stop:
		expect_result(thread.stop(), t, 7);
		break;
	case do_join:
		expect_result(thread.join(), t, 7);
		break;
	case park:
		(void)thread.park();
		break;
	case unpark:
		(void)thread.unpark();
		break;
	case park_unpark:
		if (thread.park())
			(void)thread.unpark();
		break;
	case bind:
		(void)thread.bind(1);
		break;
	case bind_list:
		(void)thread.bind_list("0");
		break;
	}
}

// Two contexts at a thread that sleeps until it is stopped; then the handle goes.
void pair(operation one, operation other, bool started)
{
	tally t;
	{
		// Somebody has to end what is waited for.
		const bool parked_for_good = one == do_join && other == park;
		const bool ends = (one == do_join || other == do_join) && one != stop &&
				  one != request_stop && !parked_for_good;
		const auto body = [c = counted(t), ends](stop_token token) {
			c();
			while (!ends && !token.stop_requested())
				(void)token.wait([] { return false; });
			return 7;
		};
		auto made =
			started ? jthread::run("thread", body) : jthread::create("thread", body);
		jthread &thread = must(made);
		context a("one", [&] { call(thread, one, t); });
		context b("other", [&] { call(thread, other, t); });
		if (parked_for_good)
			thread.request_stop();
		join();
		const auto r = thread.stop();
		expect_result(r, t, 7);
		expect(thread.progress() >= thread_progress::returned, "it has ended");
	}
}
} // namespace

SCENARIO(wake_and_stop)
{
	pair(wake, stop, false);
}
SCENARIO(wake_and_request_stop)
{
	pair(wake, request_stop, false);
}
SCENARIO(wake_and_join)
{
	pair(wake, do_join, false);
}
SCENARIO(wake_and_park)
{
	pair(wake, park, false);
}
SCENARIO(wake_and_park_unpark)
{
	pair(wake, park_unpark, true);
}
SCENARIO(stop_and_stop)
{
	pair(stop, stop, true);
}
SCENARIO(stop_and_stop_of_created)
{
	pair(stop, stop, false);
}
SCENARIO(stop_and_request_stop)
{
	pair(stop, request_stop, true);
}
SCENARIO(stop_and_join)
{
	pair(stop, do_join, true);
}
SCENARIO(stop_and_park)
{
	pair(stop, park, true);
}
SCENARIO(stop_and_park_of_created)
{
	pair(stop, park, false);
}
SCENARIO(stop_and_park_unpark)
{
	pair(stop, park_unpark, true);
}
SCENARIO(request_stop_and_join)
{
	pair(request_stop, do_join, true);
}
SCENARIO(request_stop_and_park)
{
	pair(request_stop, park, true);
}
SCENARIO(request_stop_and_park_unpark)
{
	pair(request_stop, park_unpark, true);
}
SCENARIO(join_and_join)
{
	pair(do_join, do_join, true);
}
SCENARIO(join_and_park)
{
	pair(do_join, park, true);
}
SCENARIO(join_and_park_unpark)
{
	pair(do_join, park_unpark, true);
}
SCENARIO(park_and_park)
{
	pair(park, park, true);
}
SCENARIO(park_and_unpark)
{
	pair(park, unpark, true);
}
SCENARIO(bind_list_and_park)
{
	pair(bind_list, park, true);
}
SCENARIO(bind_list_and_unpark)
{
	pair(bind_list, park_unpark, true);
}
SCENARIO(bind_list_and_stop)
{
	pair(bind_list, stop, true);
}
SCENARIO(bind_list_and_stop_of_created)
{
	pair(bind_list, stop, false);
}
SCENARIO(bind_list_and_park_of_created)
{
	pair(bind_list, park, false);
}

SCENARIO(three_contexts)
{
	tally t;
	auto made = jthread::run("thread", sleeper(t));
	jthread &thread = must(made);
	context a("parker", [&] { call(thread, park_unpark, t); });
	context b("stopper", [&] { call(thread, stop, t); });
	call(thread, do_join, t);
	join();
}

SCENARIO(join_of_created)
{
	tally t;
	auto made = jthread::create("thread", sleeper(t));
	expect_result(must(made).join(), t, 7);
}

SCENARIO(create_fails)
{
	tally t;
	{
		allow_failures(1);
		auto made = jthread::run("thread", sleeper(t));
		allow_failures(0);
		if (!made)
			expect(made.error() == errno_t::ENOMEM || made.error() == errno_t::EINTR,
			       "why it fails");
		else
			expect_result(made->stop(), t, 7);
	}
}

SCENARIO(ends_by_itself)
{
	tally t;
	{
		auto made = jthread::run("thread", [c = counted(t)](stop_token) { return c(), 3; });
		jthread &thread = must(made);
		context a("waker", [&] { thread.wake(); });
		expect_result(thread.join(), t, 3);
		join();
		expect(*thread.get() == 3 && thread.joinable() && thread.pid() > 0,
		       "looked at after its end");
	}
}

SCENARIO(park_of_what_ends)
{
	tally t;
	auto made = jthread::run("thread", [c = counted(t)](stop_token) { return c(), 3; });
	jthread &thread = must(made);
	const auto parked = thread.park();
	expect(parked || parked.error() == errno_t::ESRCH, "parked, or ended");
	expect_result(thread.join(), t, 3);
}

SCENARIO(get_while_it_ends)
{
	tally t;
	auto made = jthread::run("thread", [c = counted(t)](stop_token) { return c(), 3; });
	jthread &thread = must(made);
	for (int i = 0; i < 2; ++i) {
		const auto r = thread.get();
		expect(r ? *r == 3 : r.error() == errno_t::EAGAIN, "the result, or not yet");
	}
	expect_result(thread.join(), t, 3);
}

SCENARIO(moved_while_it_runs)
{
	tally t;
	auto made = jthread::run("thread", sleeper(t));
	jthread other;
	other = std::move(must(made));
	jthread last(std::move(other));
	expect(!other.joinable() && last.joinable(), "moved");
	last = jthread();
	expect(t.calls_now() <= 1, "stopped and destroyed");
}

SCENARIO(stops_and_joins_itself)
{
	tally t;
	jthread thread;
	std::atomic<jthread *> self{nullptr};
	kthread::wait_queue stored;
	auto made = jthread::run("thread", [&, c = counted(t)](stop_token stop) {
		c();
		if (!stop.wait(stored, [&] { return self.load(); }))
			return 7;
		expect(self.load()->join().error() == errno_t::EDEADLK, "join of itself");
		expect(self.load()->stop().error() == errno_t::EDEADLK, "stop of itself");
		expect(self.load()->park().error() == errno_t::EDEADLK, "park of itself");
		(void)self.load()->unpark();
		return 7;
	});
	thread = std::move(must(made));
	self.store(&thread);
	stored.notify_all();
	expect_result(thread.join(), t, 7);
}

SCENARIO(group_of_two)
{
	tally t;
	{
		auto made = kthread::jthread_group::create(
			"group", 2, [c = counted(t)](stop_token stop, unsigned int) {
				while (!stop.stop_requested())
					(void)stop.wait([] { return false; });
				return 7;
			});
		auto &group = must(made);
		group.wake();
		group.stop();
		for (jthread &thread : group) {
			const auto r = thread.get();
			expect(r ? *r == 7 : r.error() == errno_t::EINTR, "each has ended");
		}
	}
}

SCENARIO(group_that_fails)
{
	tally t;
	{
		allow_failures(1);
		auto made = kthread::jthread_group::create(
			"group", 2, [c = counted(t)](stop_token, unsigned int) { return 0; });
		allow_failures(0);
		expect(made || made.error() == errno_t::ENOMEM || made.error() == errno_t::EINTR,
		       "all or none");
	}
}

SCENARIO(bind_before_the_start)
{
	tally t;
	auto made = jthread::create("thread", sleeper(t));
	jthread &thread = must(made);
	expect(bool(thread.bind(1)), "bound");
	expect(thread.bind(7).error() == errno_t::EINVAL, "no such CPU");
	expect(bool(thread.bind_list("0")), "bound to a list");
	expect(bool(thread.set_nice(3)) && bool(thread.set_fifo()) && bool(thread.set_fifo_low()) &&
		       bool(thread.set_normal(0)) && thread.set_nice(20).error() == errno_t::EINVAL,
	       "scheduled otherwise");
	thread.wake();
	expect(thread.bind(1).error() == errno_t::EBUSY, "too late");
	expect(thread.bind_list("0").error() == errno_t::EBUSY, "too late");
	expect_result(thread.stop(), t, 7);
}

SCENARIO(bind_and_wake)
{
	pair(bind, wake, false);
}
SCENARIO(bind_and_stop)
{
	pair(bind, stop, false);
}
SCENARIO(bind_and_request_stop)
{
	pair(bind, request_stop, false);
}
SCENARIO(bind_and_join)
{
	pair(bind, do_join, false);
}
SCENARIO(bind_and_park)
{
	pair(bind, park, false);
}
SCENARIO(bind_and_bind_list)
{
	pair(bind, bind_list, false);
}
SCENARIO(bind_list_and_wake)
{
	pair(bind_list, wake, false);
}
SCENARIO(bind_list_and_join)
{
	pair(bind_list, do_join, false);
}

// Whoever starts it meanwhile, it runs.
SCENARIO(started_while_it_is_bound)
{
	tally t;
	auto made = jthread::create("thread", [c = counted(t)](stop_token) { return c(), 3; });
	jthread &thread = must(made);
	context a("binder", [&] {
		const auto bound = thread.bind(1);
		expect(bound ? thread.cpu() == 1 : bound.error() == errno_t::EBUSY,
		       "bound, or it was too late");
	});
	thread.wake();
	const auto r = thread.join();
	expect(r && *r == 3, "it has run");
	join();
}

// Bound anew while it is parked, as long as nobody lets it go.
SCENARIO(bound_anew_and_unparked)
{
	tally t;
	auto made = jthread::create("thread", sleeper(t));
	jthread &thread = must(made);
	expect(thread.bind(1) && thread.park(), "bound and parked");
	context a("other", [&] { (void)thread.unpark(); });
	const auto again = thread.bind_list("0");
	expect(again ? thread.cpu() == 0 : again.error() == errno_t::EBUSY, "bound, or too late");
	expect_result(thread.stop(), t, 7);
	join();
}
SCENARIO(bound_anew_and_stopped)
{
	tally t;
	auto made = jthread::create("thread", sleeper(t));
	jthread &thread = must(made);
	expect(thread.bind(1) && thread.park(), "bound and parked");
	context a("other", [&] { call(thread, stop, t); });
	(void)thread.bind_list("0");
	join();
}
SCENARIO(bind_list_without_memory)
{
	auto made = jthread::create("thread", [](stop_token) { return 3; });
	jthread &thread = must(made);
	allow_failures(1);
	const auto bound = thread.bind_list("0");
	allow_failures(0);
	expect(bound || bound.error() == errno_t::ENOMEM, "bound, or no memory");
	thread.wake();
	const auto r = thread.join();
	expect(r && *r == 3, "it has run");
}

SCENARIO(request_stop_of_created)
{
	tally t;
	auto made = jthread::create("thread", sleeper(t));
	jthread &thread = must(made);
	context a("waker", [&] { (void)thread.progress(); });
	thread.request_stop();
	thread.wake();
	expect(thread.join().error() == errno_t::EINTR && !t.calls_now(),
	       "the body is not called after a stop");
	expect(thread.get().error() == errno_t::EINTR, "and never will be");
	join();
}

// What was written before a stop is seen by a body that sees the stop.
SCENARIO(stop_and_what_was_written_before)
{
	int n = 7;
	auto made = jthread::run("thread",
				 [&n](stop_token stop) { return stop.stop_requested() ? n : 0; });
	n = 8;
	must(made).request_stop();
	const auto r = must(made).join();
	expect(!r || *r == 0 || *r == 8, "what was written before");
}

SCENARIO(empty_handles)
{
	jthread none;
	kthread::worker no_worker;
	const auto is_esrch = [](const auto &r) { return !r && r.error() == errno_t::ESRCH; };
	expect(is_esrch(none.join()) && is_esrch(none.stop()) && is_esrch(none.get()) &&
		       is_esrch(none.park()) && is_esrch(none.unpark()) && is_esrch(none.bind(0)) &&
		       is_esrch(none.bind_list("0")) && is_esrch(none.set_fifo()) &&
		       is_esrch(no_worker.flush()),
	       "no thread");
	expect(!none.wake() && !none.pid() && !none.cpu() && !none.state() &&
		       none.progress() == thread_progress::none,
	       "nor anything of one");
	none.request_stop();

	auto made = jthread::create(
		"thread", [](stop_token) { return 0; }, 5);
	expect(made.error() == errno_t::EINVAL, "no such node");
}

// What the body itself may do with its token.
SCENARIO(stops_itself)
{
	auto made = jthread::run("thread", [](stop_token stop) {
		const auto start = kthread::steady_clock::now();
		stop.request_stop();
		kthread::this_thread::sleep_for(1ms);
		kthread::this_thread::yield();
		expect(kthread::steady_clock::now() - start >= 1ms,
		       "a stop does not end this sleep");
		return stop.pid();
	});
	const auto r = must(made).join();
	expect(!r || *r == made->pid(), "its pid");
}
