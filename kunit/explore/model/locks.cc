// SPDX-License-Identifier: GPL-2.0
//
// What module/bridge/locks.c does, and the kernel's locks and swait queues as C++ calls them. The first word
// of a queue is its own address while nobody is in it, which the library reads without the queue's lock.
#include "bridge/locks.h"

#include "kernel.hpp"
#include "tasks.hpp"

using namespace explore;

namespace
{
struct queued {
	const void *queue, *waiter;
};
queued all[16];

// Entries of wait queues that call a function.
struct watching {
	const void *queue;
	bridge_wait_call *entry;
};
watching calls[4];

// rcu_read_lock(): how deep each fiber is in readers, and how often it has been out of them.
struct reader {
	int depth, ends;
};
reader readers[32];
reader &this_reader()
{
	const int fiber = running_fiber();

	if (fiber >= 32)
		fail("the model has too few readers");
	return readers[fiber];
}

queued *find(const void *waiter)
{
	for (queued &one : all) {
		if (one.waiter == waiter)
			return &one;
	}
	return nullptr;
}

// With the queue locked.
void set_head(const void *queue)
{
	bool any = false;

	for (const queued &one : all)
		any = any || one.queue == queue;
	book(queue, write | release);
	*static_cast<const void **>(const_cast<void *>(queue)) = any ? all : queue;
}

void take_out(const void *queue, const void *waiter)
{
	if (queued *one = find(waiter))
		*one = {};
	set_head(queue);
}

// swake_up_locked()
bool wake_first(const void *queue)
{
	const void *waiter;
	task_struct *const task = kernel::first_of_swait(queue, queue, &waiter);

	if (!task)
		return false;
	kernel::try_to_wake_up(task, TASK_NORMAL, "  wakes");
	kernel::leave_swait(queue, waiter);
	take_out(queue, waiter);
	return true;
}

int *done_of(kthread::native::completion *done)
{
	return reinterpret_cast<int *>(done);
}

const void *queue_of(kthread::native::completion *done)
{
	return reinterpret_cast<char *>(done) + BRIDGE_COMPLETION_QUEUE;
}
} // namespace

namespace kthread::native
{
void mutex_lock(mutex *lock)
{
	kernel::mutex_lock(lock);
}
void mutex_unlock(mutex *lock)
{
	kernel::mutex_unlock(lock);
}
unsigned long _raw_spin_lock_irqsave(raw_spinlock *lock)
{
	kernel::raw_spin_lock(lock);
	return 0;
}
void _raw_spin_unlock_irqrestore(raw_spinlock *lock, unsigned long)
{
	kernel::raw_spin_unlock(lock);
}

// A reader orders nothing by itself; synchronize_rcu() sees what those that it waited for did.
void bridge_rcu_read_lock()
{
	step("begins to read by RCU", readers, read | write | weak);
	++this_reader().depth;
}
void bridge_rcu_read_unlock()
{
	step("ends to read by RCU", readers, read | write | release);
	reader &self = this_reader();
	self.ends += !--self.depth;
}
// A reader that nobody preempts.
unsigned long bridge_interrupts_off()
{
	pin(1, true);
	bridge_rcu_read_lock();
	return 0;
}
void bridge_interrupts_restore(unsigned long)
{
	bridge_rcu_read_unlock();
	pin(-1, true);
}
void synchronize_rcu()
{
	kernel::might_sleep();
	step("looks for readers", readers, rmw);

	reader before[32];
	__builtin_memcpy(before, readers, sizeof(before));
	block("waits for the readers", readers, rmw, [&before] {
		for (int i = 0; i < 32; ++i) {
			if (before[i].depth && readers[i].ends == before[i].ends)
				return false;
		}
		return true;
	});
}

void bridge_swait_begin(swait_queue *waiter)
{
	touch(waiter, BRIDGE_SWAIT_SIZE, true);
}
// kernel::prepare_to_swait_event() takes the lock of the queue itself, and is one step with it.
void prepare_to_swait_exclusive(swait_queue_head *queue, swait_queue *waiter, int state)
{
	kernel::prepare_to_swait_event(queue, queue, waiter, static_cast<unsigned int>(state));
	if (!find(waiter))
		*find(nullptr) = {queue, waiter};
	set_head(queue);
}
bool bridge_swait_end(swait_queue_head *queue, swait_queue *waiter)
{
	kernel::become(TASK_RUNNING);
	step("is it in the queue yet?", waiter, read | acquire | weak);
	if (!find(waiter))
		return true;
	kernel::lock_swait(queue);
	const bool woken = !find(waiter);
	if (!woken) {
		kernel::leave_swait(queue, waiter);
		take_out(queue, waiter);
	}
	kernel::unlock_swait(queue);
	return woken;
}
void swake_up_one(swait_queue_head *queue)
{
	kernel::lock_swait(queue);
	wake_first(queue);
	kernel::unlock_swait(queue);
}
void bridge_swait_wake_all(swait_queue_head *queue)
{
	kernel::lock_swait(queue);
	while (wake_first(queue)) {
	}
	kernel::unlock_swait(queue);
}
// No scenario sends one.
bool bridge_signal_pending(unsigned int)
{
	return false;
}

void bridge_wait_entry_init(bridge_wait_entry *entry)
{
	touch(entry, sizeof(*entry), true);
}
void prepare_to_wait(wait_queue_head *queue, wait_queue_entry *entry, int state)
{
	kernel::prepare_to_swait_event(queue, queue, entry, static_cast<unsigned int>(state));
}
void finish_wait(wait_queue_head *queue, wait_queue_entry *entry)
{
	kernel::finish_swait(queue, entry);
}
void bridge_wait_entry_calls(bridge_wait_call *entry, void (*call)(bridge_wait_call *))
{
	touch(entry, sizeof(*entry), true);
	entry->call = call;
}
void add_wait_queue(wait_queue_head *queue, wait_queue_entry *entry)
{
	kernel::lock_swait(queue);
	for (watching &one : calls) {
		if (one.entry)
			continue;
		one = {queue, reinterpret_cast<bridge_wait_call *>(entry)};
		return kernel::unlock_swait(queue);
	}
	fail("the model has too few entries of wait queues");
}
void remove_wait_queue(wait_queue_head *queue, wait_queue_entry *entry)
{
	kernel::lock_swait(queue);
	for (watching &one : calls) {
		if (one.entry == reinterpret_cast<bridge_wait_call *>(entry))
			one = {};
	}
	touch(entry, sizeof(bridge_wait_call), true);
	kernel::unlock_swait(queue);
}
// __wake_up(), which takes nobody out.
void bridge_wake_up_all(wait_queue_head *queue)
{
	const void *waiter;

	kernel::lock_swait(queue);
	for (const watching &one : calls) {
		if (one.queue != queue)
			continue;
		touch(one.entry, sizeof(*one.entry), false);
		one.entry->call(one.entry);
	}
	while (task_struct *task = kernel::first_of_swait(queue, queue, &waiter)) {
		kernel::try_to_wake_up(task, TASK_NORMAL, "  wakes");
		kernel::leave_swait(queue, waiter);
	}
	kernel::unlock_swait(queue);
}

void complete(completion *done)
{
	const void *const queue = queue_of(done);

	touch(done, BRIDGE_COMPLETION_SIZE, true);
	kernel::lock_swait(queue);
	book(done_of(done), rmw);
	++*done_of(done);
	wake_first(queue);
	touch(done, BRIDGE_COMPLETION_SIZE, true);
	kernel::unlock_swait(queue);
}
bool try_wait_for_completion(completion *done)
{
	step("is it complete?", done_of(done), read | weak);
	note("=", *done_of(done));
	if (!*done_of(done))
		return false;
	kernel::lock_swait(queue_of(done));
	book(done_of(done), rmw);
	const bool got = *done_of(done);
	*done_of(done) -= got;
	kernel::unlock_swait(queue_of(done));
	return got;
}
void wait_for_completion(completion *done)
{
	kernel::wait_for_completion(reinterpret_cast<::completion *>(done), "waits for it");
}
} // namespace kthread::native

void kernel::reset_locks()
{
	__builtin_memset(readers, 0, sizeof(readers));
	for (queued &one : all)
		one = {};
	for (watching &one : calls)
		one = {};
}
