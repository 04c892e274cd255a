// SPDX-License-Identifier: GPL-2.0
#include "busy.h"

#include <memory>

#include "kthread/jthread_group.hpp"
#include "kthread/percpu_threads.hpp"
#include "kthread/semaphore.hpp"
#include "kthread/this_thread.hpp"
#include "kthread/ticker.hpp"
#include "kthread/worker.hpp"

using namespace std::chrono_literals;
using kthread::jthread;
using kthread::stop_token;

namespace
{
void come_round()
{
	__atomic_fetch_add(&busy_rounds, 1, __ATOMIC_RELAXED);
}

int yields(stop_token stop)
{
	while (stop.yield())
		come_round();
	return 0;
}

int yields_by_this_thread(stop_token stop)
{
	while (!stop.stop_requested()) {
		kthread::this_thread::yield();
		come_round();
	}
	return 0;
}

int waits_for_what_holds(stop_token stop)
{
	while (stop.wait([] { return true; }))
		come_round();
	return 0;
}

int waits_in_a_queue_for_what_holds(stop_token stop)
{
	kthread::wait_queue queue;

	while (stop.wait(queue, [] { return true; }))
		come_round();
	return 0;
}

int sleeps_for_nothing(stop_token stop)
{
	do {
		stop.sleep_for(0ns);
		come_round();
	} while (!stop.stop_requested());
	return 0;
}

int sleeps_by_this_thread_for_nothing(stop_token stop)
{
	while (!stop.stop_requested()) {
		kthread::this_thread::sleep_for(0ns);
		come_round();
	}
	return 0;
}

int beats_too_fast(stop_token stop)
{
	kthread::ticker every(kthread::ticker::shortest);

	while (every.wait(stop))
		come_round();
	return 0;
}

int waits_for_a_stop(stop_token stop)
{
	(void)stop.wait([] { return false; });
	return 0;
}

// After its stop request it has some work left. The freezer may want to freeze it meanwhile.
int drains(stop_token stop)
{
	stop.set_freezable();
	(void)waits_for_a_stop(stop);

	const auto start = kthread::steady_clock::now();

	for (int i = 0; i < 100; ++i) {
		(void)stop.yield();
		kthread::this_thread::sleep_for(100ms);
	}
	drain_ms = (kthread::steady_clock::now() - start) / 1ms;
	ended_while_freezing = busy_is_freezing();
	return 0;
}

constexpr unsigned int ways = 6, unparked = 2, parked = 3, waits = 4, takes = 5;
constinit kthread::counting_semaphore<> always{1, "always"_lock};

// The bodies do the same in different ways. lockdep reports none of them.
int freezes(stop_token stop, unsigned int way)
{
	stop.set_freezable();
	while (!stop.stop_requested()) {
		// Way 0 and those that never have to wait sleep where nobody is frozen.
		if (way == 0)
			(void)stop.yield();
		else if (way == waits)
			(void)stop.wait([] { return true; });
		else if (way == takes)
			(void)always.acquire(stop), always.release();
		else
			stop.sleep_for(10ms);
		if (way == 0 || way == waits || way == takes)
			kthread::this_thread::sleep_for(10ms);
		come_round();
	}
	return 0;
}

struct {
	const char *name;
	int (*body)(stop_token);
} const bodies[] = {
	{"yields", yields},
	{"yields_by_this_thread", yields_by_this_thread},
	{"waits_for_what_holds", waits_for_what_holds},
	{"waits_in_a_queue_for_what_holds", waits_in_a_queue_for_what_holds},
	{"sleeps_for_nothing", sleeps_for_nothing},
	{"sleeps_by_this_thread_for_nothing", sleeps_by_this_thread_for_nothing},
	{"beats_too_fast", beats_too_fast},
	{"drains", drains},
};

struct percpu_calls {
	static bool should_run(unsigned int) { return true; }
	static void run(unsigned int) { come_round(); }
};

void queue_again(kthread::work_item &self)
{
	come_round();
	self.queue();
}

// Ends five seconds after the freezer has begun, for which it waits a minute.
void sleeps(stop_token stop)
{
	come_round();
	for (int looks = 0; looks < 6000 && !stop.stop_requested() && !busy_is_freezing(); ++looks)
		kthread::this_thread::sleep_for(10ms);
	stop.sleep_for(5s);
	ended_while_freezing = busy_is_freezing();
}

struct objects {
	jthread thread;
	kthread::jthread_group group;
	kthread::worker worker;
	// Its last run comes before the worker's end.
	std::unique_ptr<kthread::work<void (*)(kthread::work_item &)>> item;
	std::unique_ptr<kthread::work<void (*)(stop_token)>> sleeping;
	kthread::worker waiting;
	std::unique_ptr<kthread::work<void (*)()>> flushing;
	kthread::percpu_threads<percpu_calls> percpu;
};
objects *all;

bool equal(const char *a, const char *b)
{
	while (*a && *a == *b)
		++a, ++b;
	return *a == *b;
}

kthread::result<void> freeze(objects &o)
{
	auto group = kthread::jthread_group::create("freezes", ways, &freezes);

	if (!group)
		return std::unexpected(group.error());
	o.group = std::move(*group);
	o.group.wake();
	// They are freezable by then.
	while (__atomic_load_n(&busy_rounds, __ATOMIC_RELAXED) < 100)
		kthread::this_thread::sleep_for(10ms);
	if (auto done = o.group[unparked].park(); !done)
		return done;
	if (auto done = o.group[unparked].unpark(); !done)
		return done;
	return o.group[parked].park();
}

// The thread has to be bound before its start; the kernel refuses it later.
kthread::result<void> rebind(objects &o)
{
	auto free = jthread::run("free", waits_for_a_stop);
	auto bound = jthread::create("rebound", waits_for_a_stop);

	if (!free || !bound)
		return std::unexpected(kthread::errno_t::ENOMEM);
	if (!free->park() || free->bind_list("0") || !free->unpark())
		return std::unexpected(kthread::errno_t::EINVAL);
	if (!bound->bind_list("0-1"))
		return std::unexpected(kthread::errno_t::EINVAL);
	bound->wake();
	if (!bound->park() || !bound->bind_list("0") || !bound->unpark())
		return std::unexpected(kthread::errno_t::EINVAL);
	o.thread = std::move(*bound);
	return {};
}

kthread::result<void> start_worker(objects &o, const char *name, kthread::worker_options options)
{
	auto worker = kthread::worker::run(name, options);

	if (!worker)
		return std::unexpected(worker.error());
	o.worker = std::move(*worker);
	o.item.reset(new (std::nothrow) kthread::work(o.worker, queue_again));
	o.sleeping.reset(new (std::nothrow) kthread::work(o.worker, sleeps));
	if (!o.item || !o.sleeping)
		return std::unexpected(kthread::errno_t::ENOMEM);
	return {};
}

// The item of a freezable worker waits for one of another worker.
kthread::result<void> flush_in_item(objects &o)
{
	if (auto started = start_worker(o, "flushed", {}); !started)
		return started;

	auto waiting = kthread::worker::run("flushes", {.freezable = true});

	if (!waiting)
		return std::unexpected(waiting.error());
	o.waiting = std::move(*waiting);
	o.flushing.reset(new (std::nothrow) kthread::work(o.waiting, &busy_flush_with_lock));
	if (!o.flushing)
		return std::unexpected(kthread::errno_t::ENOMEM);
	// The item takes the objects from there.
	all = &o;
	o.flushing->queue();
	return {};
}

kthread::result<void> start(objects &o, const char *name)
{
	if (equal(name, "percpu"))
		return o.percpu.start("busy/%u");
	if (equal(name, "freezes"))
		return freeze(o);
	if (equal(name, "rebound"))
		return rebind(o);
	if (equal(name, "queues_itself") || equal(name, "is_flushed") ||
	    equal(name, "sleeps_in_an_item")) {
		auto started =
			start_worker(o, name, {.freezable = equal(name, "sleeps_in_an_item")});

		if (started && equal(name, "queues_itself"))
			o.item->queue();
		if (started && equal(name, "sleeps_in_an_item"))
			o.sleeping->queue();
		return started;
	}
	if (equal(name, "flushes_in_an_item"))
		return flush_in_item(o);
	for (const auto &[known, body] : bodies) {
		if (!equal(name, known))
			continue;
		auto thread = jthread::run_begun(name, body);
		if (!thread)
			return std::unexpected(thread.error());
		o.thread = std::move(*thread);
		return {};
	}
	return std::unexpected(kthread::errno_t::EINVAL);
}
} // namespace

int busy_start(const char *body)
{
	auto made = std::make_unique<objects>();

	if (!made)
		return static_cast<int>(kthread::errno_t::ENOMEM);
	if (auto started = start(*made, body); !started)
		return kthread::to_errno(started);
	all = made.release();
	return 0;
}

void busy_request_stop()
{
	all->thread.request_stop();
}

void busy_flush()
{
	all->sleeping->queue();
	(void)all->sleeping->flush();
}

void busy_stop()
{
	delete all;
}
