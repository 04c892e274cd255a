// SPDX-License-Identifier: GPL-2.0
//
// Tasks, sleeping and waking, locks, wait queues and completions.
#include <stdio.h>
#include <string.h>

#include "kernel.hpp"
#include "tasks.hpp"

using namespace explore;

namespace kernel
{
task_struct tasks[task_count];
static task_struct idle = {.references = 1};

namespace
{
struct waiter {
	const void *queue, *key;
	const void *entry; // the waiter's own, in the list
	task_struct *task;
};

struct spinlock {
	const void *address;
	unsigned int held;
	int holder, waiters;
};

waiter waiters[16];
int waiter_count;
spinlock locks[32], queue_locks[32], mutexes[32];

bool is_free(const spinlock &lock)
{
	return !lock.held;
}

spinlock &find_lock(spinlock (&all)[32], const void *address)
{
	for (unsigned long i = 0; i < 32; ++i) {
		spinlock &lock = all[(slot_of(address) + i) % 32];

		if (lock.address == address || !lock.address) {
			lock.address = address;
			return lock;
		}
	}
	fail("the model has too few locks");
}

void forget_locks(spinlock (&all)[32], const void *from, const void *to)
{
	for (spinlock &lock : all) {
		if (lock.address < from || lock.address >= to)
			continue;
		// Its own unlocking may wait in the store buffer.
		if (lock.held && lock.holder == -1)
			drain();
		if (lock.held)
			fail("frees a lock that is held");
		lock.address = &lock; // no other's
	}
}

// The model keeps what it knows of a queue's lock at this address: the place in the table depends on who came first.
const void *lock_of(const void *queue)
{
	return static_cast<const char *>(queue) + 1;
}

// A wait queue's own lock, which keeps interrupts off and nobody else takes.
void lock_queue(const void *queue, const char *what)
{
	spinlock &lock = find_lock(queue_locks, queue);

	pin(1, true);
	block(what, lock_of(queue), rmw, [&] { return is_free(lock); });
	lock.held = 1;
}

void unlock_queue(const void *queue)
{
	spinlock &lock = find_lock(queue_locks, queue);

	lock.held = 0;
	book(lock_of(queue), write | release | weak);
	pin(-1, true);
}

int find_waiter(const void *queue, const void *key)
{
	for (int i = 0; i < waiter_count; ++i) {
		if (waiters[i].queue == queue && (!key || waiters[i].key == key))
			return i;
	}
	return -1;
}

int find_entry(const void *entry)
{
	for (int i = 0; i < waiter_count; ++i) {
		if (waiters[i].entry == entry)
			return i;
	}
	return -1;
}

void forget_waiter(int i)
{
	--waiter_count;
	memmove(waiters + i, waiters + i + 1,
		sizeof(waiter) * static_cast<unsigned long>(waiter_count - i));
}
} // namespace

// The step before this call covers the write.
void become(unsigned int state)
{
	book(&current()->state, write | weak);
	current()->state = state;
}

void reset_sched()
{
	memset(tasks, 0, sizeof(tasks));
	memset(locks, 0, sizeof(locks));
	memset(queue_locks, 0, sizeof(queue_locks));
	memset(mutexes, 0, sizeof(mutexes));
	waiter_count = 0;
}

void keep_place(const void *lock)
{
	find_lock(locks, lock);
}

void check_sched_at_end()
{
	if (waiter_count)
		fail("%s is still in a wait queue", waiters[0].task->name);
	for (const task_struct &task : tasks) {
		if (task.is_kthread && task.references)
			fail("the task of %s leaks, by %d references", task.name, task.references);
	}
}

// Debug objects and lockdep find these.
void check_freed(const void *memory, unsigned long size)
{
	const auto *from = static_cast<const char *>(memory), *to = from + size;

	forget_locks(locks, from, to);
	forget_locks(mutexes, from, to);
	for (int i = 0; i < waiter_count; ++i) {
		if (waiters[i].key >= from && waiters[i].key < to)
			fail("frees an address on which %s waits", waiters[i].task->name);
	}
}

task_struct *current()
{
	int number = explore::running_fiber();

	if (is_interrupt())
		number = interrupted_fiber();
	return number < 0 ? &idle : &tasks[number];
}

void alive(const task_struct *task, const char *what)
{
	if (task->references <= 0)
		fail("use after free: %s of the task of %s", what, task->name);
}

void might_sleep()
{
	if (is_interrupt() || is_pinned())
		fail("sleeping function called from invalid context");
}

void might_sleep_while_running()
{
	might_sleep();
	if (current()->state != TASK_RUNNING)
		fail("do not call blocking ops when !TASK_RUNNING");
}

void preempt_disable()
{
	pin(1, false);
}

void preempt_enable()
{
	pin(-1, false);
}

void smp_mb()
{
	step("smp_mb", nullptr, 0);
}

// A store and a full barrier. No read: a wake-up that came before is not seen by it.
void set_current_state(unsigned int state)
{
	step("sets its state", &current()->state, write | release);
	note("to", state);
	current()->state = state;
}

void __set_current_state(unsigned int state)
{
	step("sets its state", &current()->state, write | weak);
	note("to", state);
	current()->state = state;
}

// Under pi_lock, after a full barrier. A task in another state is only looked at.
bool try_to_wake_up(task_struct *task, unsigned int states, const char *what)
{
	alive(task, what);
	point(what, &task->state);
	alive(task, what);
	note(task->name, task->state);
	if (!(task->state & states)) {
		book(&task->state, read);
		return false;
	}
	book(&task->state, rmw);
	task->state = TASK_RUNNING;
	return true;
}

void schedule()
{
	task_struct *const task = current();

	if (is_interrupt() || is_pinned())
		fail("scheduling while atomic");
	block("sleeps", &task->state, read | acquire,
	      [task] { return task->state == TASK_RUNNING; });
}

// hrtimer_sleeper: a timer that wakes the task.
int schedule_hrtimeout(long long expires)
{
	task_struct *const task = current();

	task->timed_out = false;
	if (!task->sleeper) {
		task->sleeper = hrtimer_init(task, [](void *address) {
			auto *sleeper = static_cast<task_struct *>(address);

			sleeper->timed_out = true;
			try_to_wake_up(sleeper, TASK_NORMAL, "the time is over, wakes");
		});
	}
	hrtimer_start(task->sleeper, expires);
	schedule();
	hrtimer_cancel(task->sleeper);
	become(TASK_RUNNING);
	return task->timed_out ? 0 : -4;
}

// Goes on sleeping when it is woken.
void usleep_range_state(unsigned long min, unsigned int state)
{
	might_sleep();
	become(state);
	block("naps", nullptr, 0, nullptr, nullptr, clock_now + static_cast<long long>(min) * 1000);
	become(TASK_RUNNING);
}

void cond_resched()
{
	might_sleep();
}

void raw_spin_lock(void *address, bool interrupts_off)
{
	spinlock &lock = find_lock(locks, address);

	pin(1, interrupts_off);
	touch(address, 1, true);
	if (lock.held && lock.holder == explore::running_fiber())
		fail("deadlock: spins for a lock that it holds");
	block("spins for a lock", &lock.held, rmw, [&] { return is_free(lock); });
	touch(address, 1, true);
	lock.held = 1;
	lock.holder = explore::running_fiber();
	note("takes it", 1);
}

void raw_spin_unlock(void *address, bool interrupts_off)
{
	spinlock &lock = find_lock(locks, address);

	touch(address, 1, true);
	// Before it anybody can only spin, but an interrupt may come.
	if (!interrupts_off)
		point("unlocks", &lock.held);
	if (!lock.held || lock.holder != explore::running_fiber())
		fail("unlocks what it does not hold");
	lock.holder = -1;
	// Waits in the store buffer behind what has been written under the lock.
	store_release(&lock.held, 0);
	pin(-1, interrupts_off);
}

// Sleeps to get it. A stray wake-up does not end that.
void mutex_lock(void *address)
{
	spinlock &lock = find_lock(mutexes, address);

	might_sleep_while_running();
	touch(address, 1, true);
	if (lock.held && lock.holder == explore::running_fiber())
		fail("deadlock: waits for a mutex that it holds");
	const bool has_to_wait = lock.held;
	book(&lock.held, read | weak);
	if (has_to_wait) {
		book(&lock.waiters, rmw);
		++lock.waiters;
	}
	block("locks the mutex", &lock.held, rmw, [&] { return is_free(lock); });
	touch(address, 1, true);
	if (has_to_wait) {
		book(&lock.waiters, rmw);
		--lock.waiters;
	}
	lock.held = 1;
	lock.holder = explore::running_fiber();
}

bool mutex_trylock(void *address)
{
	spinlock &lock = find_lock(mutexes, address);

	might_sleep_while_running();
	touch(address, 1, true);
	step("tries to lock the mutex", &lock.held, rmw);
	if (lock.held)
		return false;
	touch(address, 1, true);
	lock.held = 1;
	lock.holder = explore::running_fiber();
	return true;
}

// __mutex_unlock_slowpath() looks at the mutex after another may have taken it.
void mutex_unlock(void *address)
{
	spinlock &lock = find_lock(mutexes, address);

	touch(address, 1, true);
	step("unlocks the mutex", &lock.held, rmw);
	if (!lock.held || lock.holder != explore::running_fiber())
		fail("unlocks what it does not hold");
	lock.held = 0;
	lock.holder = -1;
	book(&lock.waiters, read | acquire);
	if (lock.waiters) {
		step("wakes the next who waits for the mutex", &lock.waiters, read);
		touch(address, 1, true);
	}
}

// With the queue locked: in the list, then the state. One step, as who would see the one without the
// other waits for the lock.
void prepare_to_swait_event(const void *queue, const void *key, const void *entry,
			    unsigned int state)
{
	lock_queue(queue, "goes into the queue, sets its state");
	if (find_entry(entry) < 0)
		waiters[waiter_count++] = {queue, key, entry, current()};
	book(entry, write | release);
	book(&current()->state, write | release);
	current()->state = state;
	unlock_queue(queue);
}

// list_add_tail()
void join_swait(const void *queue, const void *key, const void *entry)
{
	lock_queue(queue, "goes into the queue");
	waiters[waiter_count++] = {queue, key, entry, current()};
	book(entry, write | release);
	unlock_queue(queue);
}

// The state is set as a part of the step before: the one who wakes the thread in between only learns by
// what try_to_wake_up() returns. Who was taken out by a wake-up is spared the lock: list_empty_careful().
void finish_swait(const void *queue, const void *entry)
{
	become(TASK_RUNNING);
	step("is it in the queue yet?", entry, read | acquire | weak);
	if (find_entry(entry) < 0)
		return;
	lock_queue(queue, "leaves the queue");
	if (int i = find_entry(entry); i >= 0)
		forget_waiter(i);
	unlock_queue(queue);
}

// Without a barrier. Whoever else sleeps on the queue counts.
bool swait_active(const void *queue)
{
	step("does anybody wait?", lock_of(queue), read | weak);
	const bool any = find_waiter(queue, nullptr) >= 0;
	note("=", any);
	return any;
}

void lock_swait(const void *queue)
{
	lock_queue(queue, "locks the queue");
}

void unlock_swait(const void *queue)
{
	unlock_queue(queue);
}

task_struct *first_of_swait(const void *queue, const void *key, const void **entry)
{
	const int i = find_waiter(queue, key);

	if (i < 0)
		return nullptr;
	*entry = waiters[i].entry;
	return waiters[i].task;
}

// list_del_init(): the waiter may be gone after that.
void leave_swait(const void *queue, const void *entry)
{
	touch(entry, 1, true);
	forget_waiter(find_entry(entry));
	book(lock_of(queue), write | release | weak);
	book(entry, write | release | weak);
}

void complete(completion *done)
{
	step("completes", done, rmw);
	++done->done;
}

// In TASK_UNINTERRUPTIBLE, again after each wake-up: as one step, as only done counts.
void wait_for_completion(completion *done, const char *what)
{
	might_sleep_while_running();
	become(TASK_UNINTERRUPTIBLE);
	block(what, done, rmw, [done] { return done->done > 0; });
	become(TASK_RUNNING);
	--done->done;
}
} // namespace kernel

void explore::kernel_new_context(int fiber, const char *name)
{
	task_struct &task = kernel::tasks[fiber];

	task.fiber = fiber;
	task.references = 1;
	snprintf(task.name, sizeof(task.name), "%s", name);
}
