// SPDX-License-Identifier: GPL-2.0
//
// A handle's functions, each two of them from two contexts at the same time, of a thread that is new, that runs
// and that is parked. What makes, moves or empties a handle is for one context alone: those meet
// the thread itself, and each other at handles of their own.
#include "pairs.hpp"

using kthread::errno_t;
using kthread::jthread;
using kthread::stop_token;
using kthread::thread_progress;

namespace
{
enum operation {
	wake,
	request_stop,
	stop,
	do_join,
	park,
	unpark,
	bind,
	bind_list,
	affinity,
	nice,
	get
};
constexpr const char *names[] = {"wake",         "request_stop", "stop", "join",
				 "park",         "unpark",       "bind", "bind_list",
				 "set_affinity", "set_nice",     "get"};

// A result that no order of the two could give fails.
void call(jthread &thread, int what, const tally &t)
{
	const auto is_one_of = [](const auto &r, auto... errors) {
		return r || ((r.error() == errors) || ...);
	};

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
		expect(is_one_of(thread.park(), errno_t::EBUSY, errno_t::ESRCH), "parked or not");
		break;
	case unpark:
		expect(is_one_of(thread.unpark(), errno_t::EINVAL, errno_t::ESRCH),
		       "unparked or not");
		break;
	case bind:
		expect(is_one_of(thread.bind(1), errno_t::EBUSY), "bound or too late");
		break;
	case bind_list:
		expect(is_one_of(thread.bind_list("0"), errno_t::EBUSY), "bound or too late");
		break;
	case affinity:
		expect(is_one_of(thread.set_affinity("0"), errno_t::EBUSY), "moved or too early");
		break;
	case nice:
		expect(bool(thread.set_nice(3)), "scheduled otherwise");
		break;
	case get:
		expect(is_one_of(thread.get(), errno_t::EAGAIN, errno_t::EINTR), "done or not");
		break;
	}
}

enum state { created, runs, is_parked };

// A thread that sleeps until it is stopped, or ends by itself where somebody waits for that.
template <state before>
void pair()
{
	const int one = current_scenario->one, other = current_scenario->other;
	const auto has = [=](int what) { return one == what || other == what; };
	const bool is_stopped = has(stop) || has(request_stop);
	tally t;
	// Somebody has to end what is waited for.
	std::atomic<bool> go{has(do_join) && before != runs};

	one_order();
	const auto body = [&go, c = counted(t)](stop_token token) {
		c();
		while (!token.stop_requested() && !go.load())
			(void)token.wait([&] { return go.load(); });
		return 7;
	};
	auto made = jthread::create("thread", body);
	jthread &thread = must(made);
	if (before == is_parked)
		expect(thread.bind(1) && thread.park(), "bound and parked");
	if (before == runs)
		thread.wake();
	all_orders();
	const auto call_one = [&] { call(thread, one, t); };
	context b("other", [&] { call(thread, other, t); });
	// A third one ends what the two wait for. The thread may be parked for good.
	if (has(do_join) && (has(park) || (before == runs && !is_stopped))) {
		context a("one", call_one);
		if (has(park)) {
			thread.request_stop();
		} else {
			go.store(true);
			thread.wake();
		}
		join();
	} else {
		call_one();
		join();
	}
	one_order();
	expect_result(thread.stop(), t, 7);
	expect(thread.progress() >= thread_progress::returned, "it has ended");
	if ((one == affinity) != (other == affinity) && !has(bind) && !has(bind_list) &&
	    thread.progress() == thread_progress::returned)
		expect(thread.native_handle()->has_affinity, "the kernel has not undone that");
}

const pairs of_created("created", names, pair<created>, all_are_allowed);
const pairs of_running("running", names, pair<runs>, all_are_allowed);
const pairs of_parked("parked", names, pair<is_parked>, all_are_allowed);
} // namespace

namespace
{
enum owner { create, move, destroy, orphan };
constexpr const char *owners[] = {"create", "move", "destroy", "orphan"};

// A handle of its own, for what one context alone may do.
struct owned {
	tally t;
	kthread::result<jthread> made = std::unexpected(errno_t::EAGAIN);
	std::atomic<jthread *> box{nullptr};
	std::atomic<bool> gone{false};

	struct tells {
		owned *of;
		explicit tells(owned &o) : of(&o) {}
		tells(tells &&other) noexcept : of(std::exchange(other.of, nullptr)) {}
		~tells()
		{
			if (of)
				of->gone.store(true, std::memory_order_release);
		}
	};

	void set_up(int what)
	{
		if (what == create)
			return;
		if (what != orphan) {
			made = jthread::run("thread", sleeper(t));
			return;
		}
		made = jthread::create("thread", [this, end = tells(*this)](stop_token) {
			delete box.exchange(nullptr);
			return 7;
		});
		box.store(new (std::nothrow) jthread(std::move(must(made))));
	}
	void call(int what)
	{
		if (what == create) {
			made = jthread::create("thread", sleeper(t));
		} else if (what == move) {
			jthread other(std::move(*made));
			other.wake();
			made = std::move(other);
		} else if (what == destroy) {
			made = jthread();
		} else {
			box.load()->wake();
		}
	}
	void end(int what)
	{
		if (what != orphan) {
			made = jthread();
			return;
		}
		while (!gone.load(std::memory_order_acquire))
			kernel::usleep_range_state(1000, TASK_UNINTERRUPTIBLE);
	}
};

void two_handles()
{
	const int one = current_scenario->one, other = current_scenario->other;
	const int orphans = (one == orphan) + (other == orphan);
	owned first, second;

	one_order();
	first.set_up(one);
	second.set_up(other);
	all_orders();
	context a("one", [&] { first.call(one); });
	second.call(other);
	join();
	one_order();
	first.end(one);
	second.end(other);
	expect_log(orphans, orphans);
}

const pairs of_handles("handles", owners, two_handles, all_are_allowed);
} // namespace
