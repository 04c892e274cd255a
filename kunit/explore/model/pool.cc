// SPDX-License-Identifier: GPL-2.0
//
// kernel/workqueue.c of Linux 6.1, and what module/bridge/workqueue.c does. Each item has a thread of its own, as pools
// start as many as there are items to run; a workqueue that runs them in order is not modelled. The end of a
// delay and the begin of the run are one step.
#include <string.h>

#include "bridge/workqueue.h"

#include "kernel.hpp"
#include "tasks.hpp"

using namespace explore;

struct workqueue_struct {
	bool exists;
};

namespace
{
struct item {
	const void *address; // of the library's object
	void (*call)(work_struct *);
	workqueue_struct *queue;
	bool pending, runs;
	int cancels;      // so many contexts wait in cancel_work_sync()
	int begun, ended; // how often it has run
	int taken;        // how often it was taken out of the queue
	int fiber;
	long long due;
};
item items[8];
workqueue_struct queues[4]; // the first is the kernel's own

bool is_pending(const void *it)
{
	return static_cast<const item *>(it)->pending;
}

// process_one_work(): after the call only the thread's own words are looked at.
void runs_item(void *argument)
{
	auto *it = static_cast<item *>(argument);

	book(it, read | weak); // its time
	for (;;) {
		block("waits for the item", it, rmw, is_pending, it, it->due);
		it->pending = false;
		it->runs = true;
		it->due = no_time;
		++it->begun;
		it->call(static_cast<work_struct *>(const_cast<void *>(it->address)));
		if (kernel::current()->state != TASK_RUNNING)
			fail("the item ends in state %#x", kernel::current()->state);
		step("the item's call is done", it, rmw);
		it->runs = false;
		++it->ended;
	}
}

item *item_of(const void *address)
{
	touch(address, 1, true);
	for (item &it : items) {
		if (it.address == address)
			return &it;
	}
	fail("an item that nobody has initialised");
}

// The bit of the item that is pending is also set while somebody cancels it.
bool queue_at(workqueue_struct *queue, item *it, long long delay, bool mod)
{
	step(mod ? "changes the item's time" : "queues the item", it, rmw);
	if (!queue->exists)
		fail("queues an item to a workqueue that is gone");

	const bool was_pending = it->pending || it->cancels;
	note("was pending:", was_pending);
	if (it->cancels || (was_pending && !mod))
		return was_pending;
	it->pending = true;
	it->queue = queue;
	it->due = delay > 0 ? clock_now + delay : no_time;
	plan(it->due);
	if (it->fiber) {
		if (!it->runs)
			set_time(it->fiber, it->due);
		return was_pending;
	}

	fiber_options options;
	options.daemon = true;
	it->fiber = new_fiber("pool", runs_item, it, options);
	kernel_new_context(it->fiber, "pool");
	return was_pending;
}

// try_to_grab_pending()
bool take(item *it)
{
	const bool was_pending = it->pending;

	note("was pending:", was_pending);
	it->pending = false;
	it->taken += was_pending;
	return was_pending;
}

bool runs_here(const item *it)
{
	return it->fiber == running_fiber();
}

// start_flush_work(): a barrier behind the last run that was asked for.
void wait_for(item *it, const char *what)
{
	const int runs = it->begun + it->pending, taken = it->taken;

	if (!it->pending && !it->runs)
		return;
	if (runs_here(it))
		fail("an item waits for itself");
	block(what, it, rmw,
	      [&] { return it->ended >= runs || (it->taken != taken && !it->runs); });
}

bool cancel(const void *work)
{
	item *const it = item_of(work);

	step("cancels the item", it, rmw);
	return !it->cancels && take(it);
}

bool cancel_sync(const void *work)
{
	item *const it = item_of(work);

	kernel::might_sleep_while_running();
	step("cancels the item, to wait", it, rmw);

	const bool was_pending = take(it);
	++it->cancels;
	if (it->runs) {
		if (runs_here(it))
			fail("an item waits for itself");
		block("waits for the end of the item", it, rmw, [it] { return !it->runs; });
	}
	step("the item can be queued again", it, rmw);
	--it->cancels;
	return was_pending;
}

bool flush(const void *work)
{
	item *const it = item_of(work);

	kernel::might_sleep_while_running();
	step("flushes the item", it, rmw);
	if (it->pending && it->due != no_time) {
		it->due = no_time;
		set_time(it->fiber, no_time);
	}
	wait_for(it, "waits for the item");
	return true;
}

void init(const void *address, void (*call)(work_struct *))
{
	touch(address, 1, true);
	for (unsigned long i = 0; i < 8; ++i) {
		item &it = items[(kernel::slot_of(address) + i) % 8];

		if (it.address && it.address != address)
			continue;
		if (it.pending)
			fail("initialises an item that is pending");
		it.address = address;
		it.call = call;
		return;
	}
	fail("the model has too few items");
}
} // namespace

namespace kernel
{
void reset_pool()
{
	memset(items, 0, sizeof(items));
	memset(queues, 0, sizeof(queues));
	for (item &it : items)
		it.due = no_time;
	queues[0].exists = true;
}

void check_items_freed(const void *memory, unsigned long size)
{
	const auto *from = static_cast<const char *>(memory), *to = from + size;

	for (item &it : items) {
		if (it.address < from || it.address >= to)
			continue;
		if (it.pending)
			fail("frees an item that is pending");
		it.address = &it; // the fiber stays, and never gets work
	}
}

// Waits until the kernel's pools have none of these items in its call.
void synchronize_rcu_tasks()
{
	for (item &it : items)
		block("waits for the end of the call", &it, rmw, [&it] { return !it.runs; });
}

void check_pool_at_end()
{
	for (const item &it : items) {
		if (it.pending)
			fail("an item is still pending");
	}
	for (const workqueue_struct &queue : queues) {
		if (queue.exists && &queue != queues)
			fail("a workqueue is left");
	}
}
} // namespace kernel

bool queue_work_on(int, workqueue_struct *queue, work_struct *work)
{
	return !queue_at(queue, item_of(work), 0, false);
}
bool queue_delayed_work_on(int, workqueue_struct *queue, ::delayed_work *work, unsigned long delay)
{
	return !queue_at(queue, item_of(work), static_cast<long long>(delay), false);
}
bool mod_delayed_work_on(int, workqueue_struct *queue, ::delayed_work *work, unsigned long delay)
{
	return queue_at(queue, item_of(work), static_cast<long long>(delay), true);
}
bool cancel_work(work_struct *work)
{
	return cancel(work);
}
bool cancel_delayed_work(::delayed_work *work)
{
	return cancel(work);
}
bool cancel_work_sync(work_struct *work)
{
	return cancel_sync(work);
}
bool cancel_delayed_work_sync(::delayed_work *work)
{
	return cancel_sync(work);
}
unsigned int work_busy(work_struct *work)
{
	const item *const it = item_of(work);

	step("is the item busy?", it, read);
	note("busy:", it->pending || it->runs || it->cancels);
	return it->pending || it->runs || it->cancels;
}
bool flush_work(work_struct *work)
{
	return flush(work);
}
bool flush_delayed_work(::delayed_work *work)
{
	return flush(work);
}
work_struct *current_work()
{
	for (const item &it : items) {
		if (it.fiber && runs_here(&it))
			return static_cast<work_struct *>(const_cast<void *>(it.address));
	}
	return nullptr;
}

// One after the other, where the kernel waits for all at once.
void __flush_workqueue(workqueue_struct *queue)
{
	kernel::might_sleep_while_running();
	for (item &it : items) {
		step("is it in the queue?", &it, rmw);
		if (it.queue == queue && it.due == no_time)
			wait_for(&it, "waits for an item of the queue");
	}
}
void destroy_workqueue(workqueue_struct *queue)
{
	__flush_workqueue(queue);
	for (const item &it : items) {
		if (it.queue == queue && it.pending)
			fail("destroys a workqueue with an item that waits for its time");
	}
	step("destroys the workqueue", queue, rmw);
	queue->exists = false;
}
workqueue_struct *bridge_system_queue(unsigned int)
{
	return queues;
}
workqueue_struct *bridge_queue_create(const char *, unsigned int)
{
	kernel::might_sleep_while_running();
	if (fails("is there no memory for a workqueue?"))
		return nullptr;
	for (workqueue_struct &queue : queues) {
		if (queue.exists)
			continue;
		step("creates the workqueue", &queue, rmw);
		queue.exists = true;
		return &queue;
	}
	fail("the model has too few workqueues");
}
void bridge_work_init(bridge_work *work, void (*call)(work_struct *), const void *, const char *)
{
	init(work, call);
}
void bridge_work_destroy(bridge_work *work)
{
	touch(work, sizeof(*work), true);
}
void bridge_delayed_work_init(bridge_delayed_work *work, void (*call)(work_struct *), const void *,
			      const char *)
{
	init(work, call);
}
void bridge_delayed_work_destroy(bridge_delayed_work *work)
{
	touch(work, sizeof(*work), true);
}
// A tick is a nanosecond.
unsigned long bridge_jiffies(long long time)
{
	return time > 0 ? static_cast<unsigned long>(time) : 0;
}
