// SPDX-License-Identifier: GPL-2.0
//
// The life of a thread, by its handle. thread_pairs.cc has each two of what its owners can do at the same time.
#include "kthread/this_thread.hpp"

#include "scenario.hpp"

using kthread::errno_t;
using kthread::jthread;
using kthread::stop_token;
using kthread::thread_progress;

namespace
{
// What a context does with a thread that sleeps until it is stopped, while another parks it and lets it go.
void while_it_parks(void (*call)(jthread &, const tally &))
{
	tally t;
	std::atomic<bool> go{false};
	one_order();
	{
		auto made = jthread::run("thread", [&, c = counted(t)](stop_token token) {
			c();
			(void)token.wait([&] { return go.load(); });
			return 7;
		});
		jthread &thread = must(made);
		all_orders();
		context a("parker", [&] {
			if (thread.park())
				(void)thread.unpark();
		});
		context b("other", [&] { call(thread, t); });
		join();
		expect_result(thread.stop(), t, 7);
	}
}
} // namespace

SCENARIO(wake_and_park_unpark)
{
	while_it_parks([](jthread &thread, const tally &) { thread.wake(); });
}
SCENARIO(stop_and_park_unpark)
{
	while_it_parks([](jthread &thread, const tally &t) { expect_result(thread.stop(), t, 7); });
}
SCENARIO(request_stop_and_park_unpark)
{
	while_it_parks([](jthread &thread, const tally &) { thread.request_stop(); });
}
SCENARIO(join_and_park_unpark)
{
	while_it_parks([](jthread &thread, const tally &t) {
		thread.request_stop();
		expect_result(thread.join(), t, 7);
	});
}
// A join unparks a thread that was asked to stop, so that the thread can end.
SCENARIO(joined_while_it_is_parked_and_stopped)
{
	tally t;
	auto made = jthread::run("thread", sleeper(t));
	jthread &thread = must(made);
	context a("parker", [&] {
		(void)thread.park();
		thread.request_stop();
	});
	expect_result(thread.join(), t, 7);
	join();
}
SCENARIO(three_contexts)
{
	tally t;
	one_order();
	auto made = jthread::run("thread", sleeper(t));
	jthread &thread = must(made);
	all_orders();
	context a("parker", [&] { (void)thread.park(); });
	context b("stopper", [&] { expect_result(thread.stop(), t, 7); });
	expect_result(thread.join(), t, 7);
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
		auto made = jthread::run("thread", [c = counted(t)](stop_token stop) {
			stop.request_stop();
			return c(), 3;
		});
		jthread &thread = must(made);
		context a("waker", [&] { thread.wake(); });
		expect_result(thread.join(), t, 3);
		join();
		expect(thread.get_stop_token().stop_requested(), "a request outlasts the thread");
		expect(*thread.get() == 3 && !thread.joinable() && thread.pid() > 0,
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
	int written = 0;
	auto made = jthread::run("thread", [c = counted(t), &written](stop_token) {
		written = 1;
		return c(), 3;
	});
	jthread &thread = must(made);
	for (int i = 0; i < 2; ++i) {
		const auto r = thread.get();
		expect(r ? *r == 3 && written : r.error() == errno_t::EAGAIN,
		       "the result and what the body wrote, or not yet");
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
	expect(thread.set_affinity("0") && thread.send_signal(10), "at any time");
	expect(thread.bind(1).error() == errno_t::EBUSY, "too late");
	expect(thread.bind_list("0").error() == errno_t::EBUSY, "too late");
	expect_result(thread.stop(), t, 7);
}

SCENARIO(bind_after_a_wake)
{
	tally t;
	auto made = jthread::create("thread", sleeper(t));
	jthread &thread = must(made);
	thread.wake();
	expect(thread.bind(1).error() == errno_t::EBUSY, "too late");
	expect_result(thread.stop(), t, 7);
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

// A park may keep the thread from its body for as long as the owner likes.
SCENARIO(affinity_beside_a_park)
{
	tally t;
	auto made = jthread::create("thread", [c = counted(t)](stop_token) { return c(), 3; });
	jthread &thread = must(made);
	context a("parker", [&] {
		if (thread.park())
			expect(bool(thread.unpark()), "unparked");
	});
	const auto moved = thread.set_affinity("0");
	expect(moved || moved.error() == errno_t::EBUSY, "moved, or another was at it");
	join();
	thread.wake();
	const auto r = thread.join();
	expect(r && *r == 3, "it has run");
	expect(!moved || thread.native_handle()->has_affinity, "the kernel has not undone that");
}

// Nobody lets the thread go on to its body meanwhile.
SCENARIO(affinity_of_what_stays_parked)
{
	tally t;
	auto made = jthread::create("thread", [c = counted(t)](stop_token) { return c(), 3; });
	jthread &thread = must(made);
	context a("parker", [&] { (void)thread.park(); });
	thread.wake();
	expect(bool(thread.set_affinity("0")), "moved");
	join();
	(void)thread.unpark();
	const auto r = thread.join();
	expect(r && *r == 3, "it has run");
	expect(thread.native_handle()->has_affinity, "the kernel has not undone that");
}

// An owner that parks the thread waits for the body, and the body waits for the caller.
SCENARIO(affinity_that_the_body_waits_for)
{
	tally t;
	std::atomic<bool> go{false};
	auto made = jthread::create("thread", [&go, c = counted(t)](stop_token) {
		while (!go.load())
			kernel::usleep_range_state(1000, TASK_UNINTERRUPTIBLE);
		return c(), 3;
	});
	jthread &thread = must(made);
	context a("parker", [&] {
		if (thread.park())
			expect(bool(thread.unpark()), "unparked");
	});
	thread.wake();
	expect(bool(thread.set_affinity("0")), "moved");
	go.store(true);
	join();
	const auto r = thread.join();
	expect(r && *r == 3, "it has run");
}

// The destructor of a capture calls it in the thread, whose body was not called.
SCENARIO(affinity_of_the_thread_itself)
{
	tally t;
	jthread *handle = nullptr;
	struct mover {
		jthread **handle;
		~mover()
		{
			if (*handle)
				(void)(*handle)->set_affinity("0");
		}
		explicit mover(jthread **h) : handle(h) {}
		mover(mover &&other) : handle(other.handle) {}
	};
	auto made = jthread::create(
		"thread", [m = mover(&handle), c = counted(t)](stop_token) { return c(), 3; });
	jthread &thread = must(made);
	handle = &thread;
	context a("parker", [&] {
		if (thread.park())
			(void)thread.unpark();
	});
	thread.wake();
	thread.request_stop();
	join();
	(void)thread.stop();
	handle = nullptr;
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
	context a("other", [&] { expect_result(thread.stop(), t, 7); });
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
	expect(bound || bound.error() == errno_t::ENOMEM || bound.error() == errno_t::EINVAL,
	       "bound, no memory, or no CPU");
	thread.wake();
	const auto r = thread.join();
	expect(r && *r == 3, "it has run");
}

SCENARIO(bind_list_whose_cpus_have_gone)
{
	auto made = jthread::create("thread", [](stop_token) { return 3; });
	jthread &thread = must(made);
	expect(bool(thread.bind(1)), "bound");
	allow_failures(1);
	const auto again = thread.bind_list("0");
	allow_failures(0);
	expect(thread.native_handle()->has_affinity,
	       "bound, if only to what it was bound to before");
	expect(thread.cpu() == (again ? 0u : 1u), "where it was bound to last");
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
