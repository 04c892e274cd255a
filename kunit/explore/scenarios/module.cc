// SPDX-License-Identifier: GPL-2.0
//
// What a module owns: objects in static storage, which are local here, what it forgets, and threads that let
// go of themselves.
#include "kthread/static_object.hpp"
#include "kthread/timer.hpp"
#include "kthread/workqueue.hpp"

#include "items.hpp"

using kthread::errno_t;
using kthread::jthread;
using kthread::static_jthread;
using kthread::static_object;
using kthread::stop_token;
using kthread::worker;

SCENARIO(static_thread)
{
	tally t;
	static_jthread<sizeof(counted)> thread;
	expect(bool(thread.run("thread", sleeper(t))), "runs");
	expect(thread.run("thread", sleeper(t)).error() == errno_t::EBUSY, "one at a time");
	context a("stopper", [&] { thread.request_stop(); });
	thread.wake();
	join();
	thread.reset();
	expect(!thread.joinable(), "can be created again");
}

SCENARIO(static_thread_fails)
{
	tally t;
	static_jthread<sizeof(counted)> thread;
	allow_failures(1);
	const auto made = thread.create("thread", sleeper(t));
	allow_failures(0);
	expect(made || !thread.joinable(), "empty when it cannot be created");
	thread.reset();
}

SCENARIO(static_thread_is_forgotten)
{
	tally t;
	static_jthread<sizeof(counted)> thread;
	expect(bool(thread.run("thread", sleeper(t))), "runs");
	module_goes();
	expect_log(1, 1);
}

namespace
{
// The thread gives the worker its items.
struct owner {
	worker w;
	item i;
	jthread thread;

	owner(worker made, tally &t) : w(std::move(made)), i(w, t) {}
	kthread::result<void> start()
	{
		auto made = jthread::run("thread", [this](stop_token) { return int(i.queue()); });

		if (!made)
			return std::unexpected(made.error());
		thread = std::move(*made);
		return {};
	}
};
} // namespace

SCENARIO(object_is_made_and_reset)
{
	tally t;
	static_object<owner> object;
	context a("other", [&] {
		if (object)
			object.reset();
	});
	expect(bool(object.emplace(worker::run("worker"), t)), "made");
	join();
	object.reset();
	expect(!object && t.calls_now() <= 1, "gone");
}

SCENARIO(object_fails)
{
	tally t;
	static_object<owner> object;
	allow_failures(1);
	const auto made = object.emplace(worker::run("worker"), t);
	allow_failures(0);
	expect(made ? bool(object)
		    : !object &&
			       (made.error() == errno_t::ENOMEM || made.error() == errno_t::EINTR),
	       "whole, or nothing and why");
	object.reset();
}

SCENARIO(object_is_forgotten)
{
	tally t;
	static_object<owner> object;
	expect(bool(object.emplace(worker::run("worker"), t)), "made");
	expect(object.emplace(worker(), t).error() == errno_t::EBUSY, "one at a time");
	module_goes();
	expect_log(1, 1);
}

namespace
{
// Its thread waits for a handle, and lets go of it.
struct lets_go {
	std::atomic<jthread *> box{nullptr};
	std::atomic<bool> gone{false};
	kthread::wait_queue stored;

	// The capture goes with the thread.
	struct tells {
		lets_go *self;
		explicit tells(lets_go &of) : self(&of) {}
		tells(tells &&other) noexcept : self(std::exchange(other.self, nullptr)) {}
		~tells()
		{
			if (self)
				self->gone.store(true, std::memory_order_release);
		}
	};

	bool late = false;
	void run()
	{
		auto made = jthread::run("thread", [this, t = tells(*this)](stop_token stop) {
			(void)stop.wait(stored, [&] { return box.load(); });
			if (late)
				until_kthread_stop();
			delete box.exchange(nullptr);
			return 7;
		});
		box.store(new (std::nothrow) jthread(std::move(must(made))));
		stored.notify_all();
	}
};
} // namespace

SCENARIO(lets_go_of_its_own_handle)
{
	lets_go thread;
	thread.run();
	while (!thread.gone.load(std::memory_order_acquire))
		kernel::usleep_range_state(1000, TASK_UNINTERRUPTIBLE);
	expect_log(1, 1);
}

void lets_go_and_module_goes(bool init_fails, bool late = false)
{
	lets_go thread;
	thread.late = late;
	thread.run();
	module_goes(init_fails);
	// Nothing of it runs any more, once its last step of the module's is done.
	while (!thread.gone.load(std::memory_order_acquire))
		kernel::usleep_range_state(1000, TASK_UNINTERRUPTIBLE);
	expect_log(1, 2);
	// The handle of a thread that was stopped with the module is empty memory.
	operator delete(thread.box.load());
}

// Either the module stays until its end, or the thread is stopped with the module.
SCENARIO(lets_go_while_the_module_goes)
{
	lets_go_and_module_goes(false);
}

SCENARIO(lets_go_while_the_init_fails)
{
	lets_go_and_module_goes(true);
}

SCENARIO(lets_go_while_the_kernel_stops_it)
{
	lets_go_and_module_goes(true, true);
}

namespace
{
// A thread that was forgotten destroys the handle of another one, which has stopped if this is late.
void destroy_handle_while_the_module_goes(bool late)
{
	tally t, u;
	std::atomic<jthread *> box{nullptr};
	static_jthread<sizeof(counted) + 2 * sizeof(void *)> first;
	{
		auto other = jthread::run("other", sleeper(t));
		box.store(new (std::nothrow) jthread(std::move(must(other))));
	}
	expect(bool(first.run("first",
			      [&box, late, c = counted(u)](stop_token) {
				      if (late)
					      until_kthread_stop();
				      delete box.exchange(nullptr);
				      return 7;
			      })),
	       "runs");
	module_goes();
	expect_log(1, 2);
	// The handle of a thread that was stopped with the module is empty memory.
	operator delete(box.load());
}
} // namespace

SCENARIO(handle_is_destroyed_while_the_module_goes)
{
	destroy_handle_while_the_module_goes(false);
}

SCENARIO(handle_is_destroyed_when_its_thread_has_stopped)
{
	destroy_handle_while_the_module_goes(true);
}

// The first of two that were forgotten waits for the other.
SCENARIO(forgotten_thread_joins_another)
{
	tally t;
	static_jthread<sizeof(counted) + 2 * sizeof(void *)> first, other;
	expect(bool(first.create("first",
				 [&other](stop_token) { return kthread::to_errno(other.join()); })),
	       "made");
	expect(bool(other.run("other", sleeper(t))), "runs");
	first.wake();
	module_goes();
	expect_log(2, 2);
}

// The other is made by a third one, which ends when the module goes, and leaves it there.
SCENARIO(forgotten_thread_joins_one_whose_maker_ends)
{
	tally t;
	static_jthread<sizeof(void *)> first;
	static_jthread<sizeof(counted)> other;
	static_jthread<3 * sizeof(void *)> maker;
	std::atomic<bool> is_made{false};
	one_order();
	expect(bool(first.create("first",
				 [&](stop_token) { return kthread::to_errno(other.join()); })),
	       "made");
	expect(bool(maker.run("maker",
			      [&](stop_token stop) {
				      expect(bool(other.run("other", sleeper(t))), "made");
				      is_made.store(true);
				      while (!stop.stop_requested())
					      (void)stop.wait([] { return false; });
				      return 0;
			      })),
	       "runs");
	while (!is_made.load())
		kernel::usleep_range_state(1000, TASK_UNINTERRUPTIBLE);
	first.wake();
	all_orders();
	module_goes();
	expect_log(3, 3);
}

SCENARIO(forgotten_thread_is_parked)
{
	tally t;
	static_jthread<sizeof(counted)> thread;
	expect(bool(thread.run("thread", sleeper(t))), "runs");
	context a("parks", [&] { (void)thread.park(); });
	join();
	module_goes();
	expect_log(1, 1);
}

SCENARIO(object_is_reset_while_the_module_goes)
{
	struct holder {
		jthread thread;
		explicit holder(jthread made) : thread(std::move(made)) {}
	};
	tally t, u;
	static_object<holder> object;
	static_jthread<sizeof(counted) + 2 * sizeof(void *)> first;
	expect(bool(object.emplace(jthread::run("other", sleeper(t)))), "made");
	expect(bool(first.run("first",
			      [&object, c = counted(u)](stop_token) {
				      object.reset();
				      return 7;
			      })),
	       "runs");
	module_goes();
	expect_log(1, 3);
}

namespace
{
// Two that start each other, a few times, until the module is gone.
template <class Made>
struct two {
	std::atomic<int> calls{0};
	Made *made[2] = {};

	void call(int which)
	{
		if (calls.fetch_add(1) < 6)
			start(*made[!which]);
	}
	void module_goes()
	{
		start(*made[0]);
		explore::module_goes();

		const int last = calls.load();

		kernel::usleep_range_state(1000, TASK_UNINTERRUPTIBLE);
		expect(calls.load() == last, "none is called any more");
		expect_log(2, 2);
	}
	static void start(Made &one)
	{
		if constexpr (requires { one.start_after(1us); })
			one.start_after(1us);
		else
			one.queue();
	}
};

template <class Made>
void forget_two_items()
{
	two<Made> both;
	forgotten<Made> first(kthread::pool::system(), [&] { both.call(0); }),
		second(kthread::pool::system(), [&] { both.call(1); });

	both.made[0] = &*first;
	both.made[1] = &*second;
	both.module_goes();
}
} // namespace

SCENARIO(timers_are_forgotten)
{
	two<kthread::timer<>> both;
	forgotten<kthread::timer<>> first([&] { both.call(0); }), second([&] { both.call(1); });

	both.made[0] = &*first;
	both.made[1] = &*second;
	both.module_goes();
}

SCENARIO(pool_items_are_forgotten)
{
	forget_two_items<kthread::any_work<kthread::pool_item>>();
}

SCENARIO(delayed_pool_items_are_forgotten)
{
	forget_two_items<kthread::any_delayed_work<kthread::delayed_pool_item>>();
}

// It ends by a stop alone.
SCENARIO(pool_item_that_waits_is_forgotten)
{
	std::atomic<int> calls{0};
	const auto waits = [&](stop_token stop) {
		++calls;
		while (!stop.stop_requested())
			(void)stop.wait([] { return false; });
	};
	forgotten<kthread::work<decltype(waits), kthread::pool_item>> item(kthread::pool::system(),
									   waits);

	expect(item->queue(), "queued");
	module_goes();
	const int last = calls.load();
	kernel::usleep_range_state(1000, TASK_UNINTERRUPTIBLE);
	expect(calls.load() == last, "not called any more");
	expect_log(1, 1);
}

// Its worker is gone, and has not waited for its time.
SCENARIO(delayed_item_is_forgotten)
{
	memory_may_stay();
	std::atomic<int> calls{0};
	auto made = worker::run("worker");
	forgotten<kthread::any_delayed_work<>> later(must(made), [&] { ++calls; });

	expect(later->queue_after(1us), "queued");
	made = worker();
	const int last = calls.load();
	module_goes();
	kernel::usleep_range_state(1000, TASK_UNINTERRUPTIBLE);
	expect(calls.load() == last, "not called any more");
	expect_log(1, 1);
}
