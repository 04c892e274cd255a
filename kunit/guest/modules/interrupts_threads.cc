// SPDX-License-Identifier: GPL-2.0
#include "interrupts.h"

#include <optional>

#include "kthread/executor.hpp"
#include "kthread/jthread_group.hpp"
#include "kthread/locking.hpp"
#include "kthread/percpu_threads.hpp"
#include "kthread/semaphore.hpp"
#include "kthread/task_waiting.hpp"
#include "kthread/this_thread.hpp"
#include "kthread/ticker.hpp"
#include "kthread/worker.hpp"

using namespace std::chrono_literals;
using kthread::errno_t;
using kthread::jthread;
using kthread::jthread_group;
using kthread::result;
using kthread::stop_token;

namespace
{
// An object that comes and goes. Interrupts may use it as long as it is shown.
template <class T>
class shown
{
public:
	void set(T *object)
	{
		const kthread::irq_guard locked(lock_);

		object_ = object;
	}
	template <class F>
	void with(F f)
	{
		const kthread::irq_guard locked(lock_);

		if (object_)
			f(*object_);
	}

private:
	kthread::irq_lock lock_;
	T *object_ KTHREAD_GUARDED_BY(lock_) = nullptr;
};

struct percpu_calls {
	static constexpr unsigned int cpus_max = 64;
	static inline std::atomic<unsigned int> wanted[cpus_max];

	static bool should_run(unsigned int cpu) { return wanted[cpu % cpus_max]; }
	static void run(unsigned int cpu)
	{
		wanted[cpu % cpus_max] = 0;
		interrupts_count(INTERRUPT_PERCPU_RUNS);
	}
};

void count_item()
{
	interrupts_count(INTERRUPT_ITEMS);
}

struct objects {
	kthread::wait_queue queue;
	std::atomic<unsigned int> tickets{0};
	kthread::ticker ticker{1ms};
	kthread::percpu_threads<percpu_calls> percpu;
	kthread::event happens, never_happens;
	kthread::awaitable_semaphore<> units{0, "interrupts::units"_lock};

	// Gone before what is above, and what the owners use.
	jthread sleeper, beating;
	jthread_group waiters;
	kthread::worker worker;
	std::unique_ptr<kthread::work<void (*)()>> item;
	std::unique_ptr<kthread::delayed_work<void (*)()>> later, moved;

	shown<jthread> brief;
	shown<jthread_group> group;
	shown<const stop_token> token;

	kthread::executor tasks;
	std::optional<kthread::scope> scope;
	shown<kthread::job<void>> job;

	jthread_group owners;
};
objects *all;

// Until a stop, or a wake-up.
int sleep_until_stopped(stop_token stop)
{
	while (!stop.stop_requested())
		stop.sleep_for(1h);
	return 0;
}

void join_a_thread(stop_token)
{
	auto thread = jthread::create("brief", sleep_until_stopped);

	if (!thread)
		return;
	all->brief.set(&*thread);
	(void)thread->park();
	(void)thread->unpark();
	// A stop may come before the start.
	if (const auto result = thread->join(); result || result.error() == errno_t::EINTR)
		interrupts_count(INTERRUPT_JOINS);
	all->brief.set(nullptr);
}

void join_a_group(stop_token)
{
	auto group = jthread_group::create("group", 3, [](stop_token stop, unsigned int) {
		return sleep_until_stopped(stop);
	});

	if (!group)
		return;
	all->group.set(&*group);
	for (jthread &thread : *group)
		(void)thread.join();
	interrupts_count(INTERRUPT_GROUP_JOINS);
	all->group.set(nullptr);
}

void join_by_its_token(stop_token)
{
	auto thread = jthread::run("token", [](stop_token stop) {
		all->token.set(&stop);
		(void)stop.wait(all->queue, [] { return false; });
		all->token.set(nullptr);
		return 0;
	});

	if (thread && thread->join())
		interrupts_count(INTERRUPT_TOKEN_JOINS);
}

void park_a_thread(stop_token)
{
	if (all->sleeper.park())
		interrupts_count(INTERRUPT_PARKS);
	(void)all->sleeper.unpark();
	kthread::this_thread::sleep_for(1ms);
}

void flush_items(stop_token)
{
	if (all->item->flush() && all->later->flush() && all->moved->flush())
		interrupts_count(INTERRUPT_FLUSHES);
	if (all->worker.flush())
		interrupts_count(INTERRUPT_WORKER_FLUSHES);
}

void cancel_items(stop_token)
{
	// Each of them, also after one that was cancelled.
	bool any = all->item->cancel();

	any |= all->later->cancel();
	any |= all->moved->cancel();
	if (any)
		interrupts_count(INTERRUPT_CANCELS);
	(void)all->worker.park();
	(void)all->worker.unpark();
	kthread::this_thread::sleep_for(1ms);
}

kthread::task<void> count_events(kthread::event &happens)
{
	for (;;) {
		auto came = co_await happens.wait(kthread::in(1ms));

		if (came)
			interrupts_count(INTERRUPT_EVENTS);
		else if (came.error() != errno_t::ETIMEDOUT)
			co_return came;
	}
}

kthread::task<void> count_units(kthread::awaitable_semaphore<> &units)
{
	for (;;) {
		auto got = co_await kthread::this_task::acquire(units, kthread::in(1ms));

		if (got)
			interrupts_count(INTERRUPT_UNITS);
		else if (got.error() != errno_t::ETIMEDOUT)
			co_return got;
	}
}

kthread::task<void> wait_for_ever(kthread::event &never_happens)
{
	auto came = co_await never_happens.wait();

	co_return came;
}

void join_a_job(stop_token)
{
	kthread::job<void> job(all->tasks);

	all->job.set(&job);
	(void)job.spawn(wait_for_ever(all->never_happens));
	if (const auto ended = job.join(); !ended && ended.error() == errno_t::ECANCELED)
		interrupts_count(INTERRUPT_JOB_JOINS);
	all->job.set(nullptr);
}

constexpr void (*owners[])(stop_token) = {
	join_a_thread, join_a_group, join_by_its_token, park_a_thread,
	flush_items,   cancel_items, join_a_job,
};
constexpr unsigned int owner_count = sizeof(owners) / sizeof(*owners);

result<void> make(objects &o)
{
	auto worker = kthread::worker::run("worker");
	auto tasks = kthread::executor::run("tasks");
	auto sleeper = jthread::run("sleeper", [](stop_token stop) {
		while (!stop.stop_requested()) {
			stop.sleep_for(1h);
			interrupts_count(INTERRUPT_WAKE_UPS);
		}
		return 0;
	});
	auto beating = jthread::run("beating", [&o](stop_token stop) {
		while (o.ticker.wait(stop))
			interrupts_count(INTERRUPT_BEATS);
		return 0;
	});
	auto waiters = jthread_group::create("waiter", 2, [&o](stop_token stop, unsigned int) {
		unsigned int seen = 0;

		while (stop.wait(o.queue, [&] { return seen != o.tickets; })) {
			seen = o.tickets;
			interrupts_count(INTERRUPT_WAITS);
		}
		return 0;
	});
	auto owning =
		jthread_group::create("owner", owner_count, [](stop_token stop, unsigned int i) {
			do
				owners[i](stop);
			while (stop.yield());
			return 0;
		});

	if (!worker || !tasks || !sleeper || !beating || !waiters || !owning)
		return std::unexpected(errno_t::ENOMEM);
	if (auto started = o.percpu.start("percpu/%u"); !started)
		return started;
	o.worker = std::move(*worker);
	o.item.reset(new (std::nothrow) kthread::work(o.worker, count_item));
	o.later.reset(new (std::nothrow) kthread::delayed_work(o.worker, count_item));
	o.moved.reset(new (std::nothrow) kthread::delayed_work(o.worker, count_item));
	if (!o.item || !o.later || !o.moved)
		return std::unexpected(errno_t::ENOMEM);
	o.tasks = std::move(*tasks);
	o.scope.emplace(o.tasks);
	if (auto spawned = o.scope->spawn(count_events(o.happens)); !spawned)
		return spawned;
	if (auto spawned = o.scope->spawn(count_units(o.units)); !spawned)
		return spawned;
	o.sleeper = std::move(*sleeper);
	o.beating = std::move(*beating);
	o.waiters = std::move(*waiters);
	o.owners = std::move(*owning);
	return {};
}
} // namespace

int interrupts_begin()
{
	auto made = std::make_unique<objects>();

	if (!made)
		return static_cast<int>(errno_t::ENOMEM);
	if (auto done = make(*made); !done)
		return kthread::to_errno(done);
	all = made.release();
	all->waiters.wake();
	all->owners.wake();
	return 0;
}

void interrupts_let_go()
{
	all->owners.stop();
}

void interrupts_end()
{
	delete all;
}

namespace
{
// Each returns the number of the function that it has called.
constexpr interrupt_counter (*calls[])(unsigned int n) = {
	[](unsigned int) {
		all->sleeper.wake();
		all->brief.with([](jthread &thread) { thread.wake(); });
		return INTERRUPT_WAKE;
	},
	[](unsigned int) {
		all->brief.with([](jthread &thread) { thread.request_stop(); });
		return INTERRUPT_REQUEST_STOP;
	},
	[](unsigned int) {
		all->token.with([](const stop_token &stop) {
			if (stop.pid() > 0 && !stop.stop_requested() && !stop.park_requested())
				stop.request_stop();
		});
		return INTERRUPT_TOKEN_REQUEST_STOP;
	},
	[](unsigned int) {
		++all->tickets;
		all->queue.notify_all();
		return INTERRUPT_NOTIFY_ALL;
	},
	[](unsigned int) {
		all->item->queue();
		return INTERRUPT_QUEUE;
	},
	[](unsigned int n) {
		all->later->queue_after(n % 700 * 1us);
		return INTERRUPT_QUEUE_AFTER;
	},
	[](unsigned int n) {
		all->moved->mod(n % 900 * 1us);
		return INTERRUPT_MOD;
	},
	[](unsigned int) {
		const auto now = kthread::steady_clock::now().time_since_epoch();

		(void)all->ticker.set_period(now.count() % 300000 * 1ns);
		return INTERRUPT_SET_PERIOD;
	},
	[](unsigned int) {
		all->ticker.restart();
		all->beating.wake();
		return INTERRUPT_RESTART;
	},
	[](unsigned int) {
		all->group.with([](jthread_group &group) { group.wake(); });
		return INTERRUPT_GROUP_WAKE;
	},
	[](unsigned int) {
		all->group.with([](jthread_group &group) { group.request_stop(); });
		return INTERRUPT_GROUP_REQUEST_STOP;
	},
	[](unsigned int n) {
		++percpu_calls::wanted[n / 2 % 2];
		all->percpu.wake(n / 2 % 2);
		return INTERRUPT_PERCPU_WAKE;
	},
	[](unsigned int) {
		all->worker.wake();
		return INTERRUPT_WORKER_WAKE;
	},
	[](unsigned int) {
		all->happens.set();
		return INTERRUPT_EVENT_SET;
	},
	[](unsigned int) {
		all->units.release();
		return INTERRUPT_RELEASE;
	},
	[](unsigned int) {
		all->job.with([](kthread::job<void> &job) { job.request_stop(); });
		return INTERRUPT_JOB_REQUEST_STOP;
	},
};
} // namespace

void interrupts_come(unsigned int n)
{
	interrupts_count(calls[n % (sizeof(calls) / sizeof(*calls))](n));
}

// These must return sane values, whatever happens to the threads at the same time.
void interrupts_look()
{
	const jthread &sleeper = all->sleeper;
	const bool good = sleeper.joinable() && sleeper.pid() > 0 && sleeper.cpu() < 8 &&
			  sleeper.progress() != kthread::thread_progress::none && sleeper.state() &&
			  kthread::to_errno(sleeper.get()) == static_cast<int>(errno_t::EAGAIN) &&
			  all->worker.pid() > 0 && all->worker.cpu() < 8 && all->worker.state();

	if (good)
		interrupts_count(INTERRUPT_LOOKS);
}
