// SPDX-License-Identifier: GPL-2.0
#include "forgetful.h"

#include "kthread/completion.hpp"
#include "kthread/executor.hpp"
#include "kthread/jthread_group.hpp"
#include "kthread/percpu_threads.hpp"
#include "kthread/static_object.hpp"
#include "kthread/this_thread.hpp"
#include "kthread/timer.hpp"
#include "kthread/worker.hpp"
#include "kthread/workqueue.hpp"

using namespace std::chrono_literals;
using kthread::executor;
using kthread::jthread;
using kthread::jthread_group;
using kthread::result;
using kthread::scope;
using kthread::stop_token;
using kthread::to_errno;
using kthread::worker;

namespace
{
constexpr char name[] = "forgetful";

int sleep_until_stopped(stop_token stop)
{
	while (!stop.stop_requested())
		stop.sleep_for(1h);
	return 0;
}

// Lies on the heap for ever, as where a module never frees its pointer. The search for leaks shall not
// find it: that is not what finds it where there is no such search.
template <class T>
constinit T *forgotten = nullptr;

template <class T, class... Parts>
int forget_made(Parts &&...parts)
{
	forgotten<T> = new (std::nothrow) T(std::forward<Parts>(parts)...);
	return forgotten<T> ? 0 : static_cast<int>(kthread::errno_t::ENOMEM);
}

// 0, or why it could not be made.
template <class T>
int forget(result<T> made)
{
	if (!made)
		return to_errno(made);
	return forget_made<T>(std::move(*made));
}

constinit kthread::static_jthread<> static_thread, joined_thread;

struct nothing {
	static bool should_run(unsigned int) { return false; }
	static void run(unsigned int) {}
};
using percpu_threads = kthread::percpu_threads<nothing>;

struct several {
	kthread::worker worker;
	percpu_threads percpu;
	jthread thread;
	kthread::timer<> timer;
	kthread::any_work<kthread::pool_item> item;

	explicit several(kthread::worker made)
		: worker(std::move(made)), timer([] {}), item(kthread::pool::system(), [] {})
	{
	}
	~several() { _printk("\0016forgetful: the object goes\n"); }

	result<void> start()
	{
		auto made = jthread::run(name, sleep_until_stopped);

		if (!made)
			return std::unexpected(made.error());
		thread = std::move(*made);
		return percpu.start("forgetful/%u");
	}
};
constinit kthread::static_object<several> object;

// When the thread may destroy its handle, and when it has.
constinit std::atomic<bool> may_destroy{false};
constinit std::atomic<bool> has_destroyed{false};

int destroy_own_handle(stop_token)
{
	while (!may_destroy)
		kthread::this_thread::sleep_for(1ms);
	delete std::exchange(forgotten<jthread>, nullptr);
	has_destroyed = true;
	while (!__atomic_load_n(&forgetful_leave, __ATOMIC_RELAXED))
		kthread::this_thread::sleep_for(1ms);
	return 0;
}
} // namespace

int forgetful_static_jthread()
{
	return to_errno(static_thread.run(name, sleep_until_stopped));
}

int forgetful_joined()
{
	auto made = static_thread.create(name,
					 [](stop_token) { return to_errno(joined_thread.join()); });

	if (made)
		made = joined_thread.run(name, sleep_until_stopped);
	static_thread.wake();
	return to_errno(made);
}

namespace
{
constinit std::atomic<bool> is_made{false};

// The first of three waits for one that the second makes.
int forget_joined_of_another(int (*after_that)(stop_token))
{
	static constinit kthread::static_jthread<> maker;
	auto made = static_thread.create(name,
					 [](stop_token) { return to_errno(joined_thread.join()); });

	if (made)
		made = maker.run(name, [after_that](stop_token stop) {
			auto made = joined_thread.run(name, sleep_until_stopped);

			is_made = true;
			return made ? after_that(stop) : to_errno(made);
		});
	while (made && !is_made)
		kthread::this_thread::sleep_for(1ms);
	static_thread.wake();
	return to_errno(made);
}
} // namespace

int forgetful_joined_of_one_that_has_ended()
{
	return forget_joined_of_another([](stop_token) { return 0; });
}

int forgetful_joined_of_one_that_ends()
{
	return forget_joined_of_another([](stop_token stop) {
		(void)sleep_until_stopped(stop);
		// The end of the module waits for the third one then.
		kthread::this_thread::sleep_for(200ms);
		return 0;
	});
}

int forgetful_jthread()
{
	return forget(jthread::run(name, [](stop_token stop) {
		// It goes with the thread, and is not forgotten.
		const kthread::timer<> timer([] {});

		return sleep_until_stopped(stop);
	}));
}

// Nothing but kthread_stop() ends this wait.
int forgetful_interruptible()
{
	static constinit kthread::completion never_done{"never_done"_lock};

	return forget(jthread::run(
		name, [](stop_token) { return never_done.wait(kthread::interruptible) ? 1 : 0; }));
}

int forgetful_unstarted()
{
	return forget(jthread::create(name, sleep_until_stopped));
}

int forgetful_parked()
{
	if (int error = forget(jthread::run(name, sleep_until_stopped)))
		return error;
	return to_errno(forgotten<jthread>->park());
}

int forgetful_ended()
{
	if (int error = forget(jthread::run(name, [](stop_token) { return 0; })))
		return error;
	return to_errno(forgotten<jthread>->join());
}

int forgetful_worker()
{
	auto made = worker::run(name);

	// The item ends by the stop of its worker alone.
	if (made)
		if (auto spawned = made->spawn([](stop_token stop) { sleep_until_stopped(stop); });
		    !spawned)
			return to_errno(spawned);
	return forget(std::move(made));
}

int forgetful_group()
{
	const auto body = [](stop_token stop, unsigned int) { return sleep_until_stopped(stop); };

	if (int error = forget(jthread_group::create(name, 3, body)))
		return error;
	forgotten<jthread_group>->wake();
	return 0;
}

int forgetful_percpu()
{
	forgotten<percpu_threads> = new (std::nothrow) percpu_threads;
	if (!forgotten<percpu_threads>)
		return static_cast<int>(kthread::errno_t::ENOMEM);
	return to_errno(forgotten<percpu_threads>->start("forgetful/%u"));
}

int forgetful_object()
{
	return to_errno(object.emplace(worker::run(name)));
}

namespace
{
using storage = kthread::task_storage<512>;
constinit storage room;

kthread::task<void> beat(storage &)
{
	kthread::co_ticker every(1ms);

	for (;;) {
		auto due = co_await every.wait();

		if (!due)
			co_return due;
	}
}

// The thread stands before the executor in the list of what is stopped when the module goes.
template <class Run>
int forget_executor(Run run)
{
	if (int error = forget(jthread::create(name, [](stop_token) {
		    (void)forgotten<scope>->wait();
		    return 0;
	    })))
		return error;
	if (int error = forget(run()))
		return error;
	forgotten<scope> = new (std::nothrow) scope(*forgotten<executor>);
	if (!forgotten<scope>)
		return static_cast<int>(kthread::errno_t::ENOMEM);
	if (auto spawned = forgotten<scope>->spawn(beat(room)); !spawned)
		return to_errno(spawned);
	forgotten<jthread>->wake();
	return 0;
}
} // namespace

int forgetful_executor()
{
	return forget_executor([] { return executor::run(name); });
}

int forgetful_interrupt_executor()
{
	return forget_executor(executor::run_in_interrupts);
}

namespace
{
struct nothing_to_do {
	void operator()() const {}
};

// Comes again until it is destroyed.
struct again {
	template <class Item>
	void operator()(Item &item) const
	{
		if constexpr (requires { item.queue_after(1ms); })
			item.queue_after(50ms);
		else
			item.queue();
	}
};

template <class Item>
int forget_item(const kthread::pool &pool)
{
	if (int error = forget_made<Item>(pool, again()))
		return error;
	forgotten<Item>->queue();
	return 0;
}
using delayed_pool_item = kthread::delayed_work<again, kthread::delayed_pool_item>;
} // namespace

int forgetful_delayed_item()
{
	using item = kthread::delayed_work<nothing_to_do>;
	auto made = worker::run(name);

	if (!made)
		return to_errno(made);
	if (int error = forget_made<item>(*made, nothing_to_do()))
		return error;
	forgotten<item>->queue_after(2s);
	return 0;
}

int forgetful_pool_item()
{
	return forget_item<kthread::work<again, kthread::pool_item>>(kthread::pool::system());
}

int forgetful_stopped_pool_item()
{
	using item = kthread::work<int (*)(stop_token), kthread::pool_item>;

	if (int error = forget_made<item>(kthread::pool::unbound(), sleep_until_stopped))
		return error;
	forgotten<item>->queue();
	return 0;
}

int forgetful_delayed_pool_item()
{
	return forget_item<delayed_pool_item>(kthread::pool::unbound());
}

namespace
{
constinit kthread::completion timer_has_run{"forgetful"_lock};

// The other item is before this one in the list of items that the end of the module cancels.
void delete_other()
{
	kthread::this_thread::sleep_for(1s);
	delete std::exchange(forgotten<kthread::delayed_work<nothing_to_do>>, nullptr);
}
} // namespace

int forgetful_waiting_item()
{
	using item = kthread::work<void (*)(), kthread::pool_item>;

	int error = forget_made<kthread::timer<>>([] { timer_has_run.complete(); });
	if (!error)
		error = forget_made<item>(kthread::pool::unbound(),
					  [] { (void)timer_has_run.wait(kthread::idle); });
	if (error)
		return error;
	forgotten<item>->queue();
	forgotten<kthread::timer<>>->start_after(1s);
	return 0;
}

int forgetful_deleting_item()
{
	using item = kthread::work<void (*)(), kthread::pool_item>;

	if (int error = forget_made<item>(kthread::pool::unbound(), delete_other))
		return error;
	if (int error = forgetful_delayed_item())
		return error;
	forgotten<item>->queue();
	return 0;
}

int forgetful_workqueue()
{
	if (int error = forget(kthread::workqueue::create(name)))
		return error;
	return forget_item<delayed_pool_item>(*forgotten<kthread::workqueue>);
}

int forgetful_own_handle_at_exit()
{
	return forget(jthread::run(name, destroy_own_handle));
}

namespace
{
int destroy_at_once(int error)
{
	may_destroy = true;
	while (!error && !has_destroyed)
		kthread::this_thread::sleep_for(1ms);
	return error;
}

// The same, and the thread ends some time after that.
int destroy_at_once_and_then(int (*then)())
{
	return destroy_at_once(forget(jthread::run(name, [then](stop_token stop) {
		forgetful_leave = true;
		(void)destroy_own_handle(stop);
		kthread::this_thread::sleep_for(200ms);
		return then();
	})));
}

// The thread that destroys it, after it in the list of what is stopped when the module goes.
template <class F>
int destroy_at_exit(int error, F destroy)
{
	static constinit kthread::static_jthread<> destroyer;

	if (error)
		return error;
	return to_errno(destroyer.run(name, [destroy](stop_token) {
		while (!may_destroy)
			kthread::this_thread::yield();
		destroy();
		return 0;
	}));
}
} // namespace

int forgetful_own_handle()
{
	return destroy_at_once(forgetful_own_handle_at_exit());
}

int forgetful_own_handle_for_a_while()
{
	return destroy_at_once_and_then([] { return 0; });
}

int forgetful_own_handle_and_another()
{
	return destroy_at_once_and_then(forgetful_jthread);
}

int forgetful_own_handle_once_stopped()
{
	return forget(jthread::run(name, [](stop_token stop) {
		(void)sleep_until_stopped(stop);
		delete std::exchange(forgotten<jthread>, nullptr);
		return 0;
	}));
}

int forgetful_others_handle_at_exit()
{
	return destroy_at_exit(forgetful_jthread(),
			       [] { delete std::exchange(forgotten<jthread>, nullptr); });
}

int forgetful_others_percpu_at_exit()
{
	return destroy_at_exit(forgetful_percpu(),
			       [] { delete std::exchange(forgotten<percpu_threads>, nullptr); });
}

int forgetful_others_object_at_exit()
{
	return destroy_at_exit(forgetful_object(), [] { object.reset(); });
}

int forgetful_own_item_at_exit()
{
	using item = kthread::work<void (*)(), kthread::pool_item>;
	int error = forget_made<item>(kthread::pool::unbound(), [] {
		is_made = true;
		while (!may_destroy)
			kthread::this_thread::sleep_for(1ms);
		// The end of the module waits for the item then.
		kthread::this_thread::sleep_for(10ms);
		delete std::exchange(forgotten<item>, nullptr);
	});

	if (error)
		return error;
	forgotten<item>->queue();
	while (!is_made)
		kthread::this_thread::sleep_for(1ms);
	return 0;
}

void forgetful_exit_begins()
{
	// The thread then does it before that, after it, or at the same time.
	may_destroy = true;
}
