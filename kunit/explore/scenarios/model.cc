// SPDX-License-Identifier: GPL-2.0
//
// The model itself: what each of its parts promises, and that it finds what it is there for.
#include "scenario.hpp"

namespace
{
void lock_both(char &lock, int &n)
{
	kernel::raw_spin_lock(&lock);
	++n;
	kernel::raw_spin_unlock(&lock);
}

void wait_for(const std::atomic<int> &done, char &address)
{
	bridge_waiter waiter;

	bridge_wait_begin(&waiter, &address);
	for (;;) {
		bridge_wait_prepare(&waiter, BRIDGE_WAITS);
		if (done.load(std::memory_order_relaxed))
			break;
		schedule();
	}
	bridge_wait_end(&waiter);
}
} // namespace

SCENARIO(model_spinlock)
{
	char lock = 0;
	int n = 0;
	context a("a", [&] { lock_both(lock, n); });
	interrupt b("b", [&] { lock_both(lock, n); });
	lock_both(lock, n);
	join();
	expect(n == 3, "three increments under the lock");
}

SCENARIO(model_spinlock_with_interrupts_on, .fails = "deadlock")
{
	char lock = 0;
	interrupt b("b", [&] {
		kernel::raw_spin_lock(&lock);
		kernel::raw_spin_unlock(&lock);
	});
	kernel::raw_spin_lock(&lock, false);
	kernel::raw_spin_unlock(&lock, false);
	join();
}

SCENARIO(model_sleep_with_a_lock, .fails = "sleeping function called from invalid context")
{
	char lock = 0;
	kernel::raw_spin_lock(&lock);
	kernel::might_sleep();
}

SCENARIO(model_sleep_in_interrupt, .fails = "sleeping function called from invalid context")
{
	interrupt b("b", [] { kernel::might_sleep(); });
	join();
}

SCENARIO(model_sleep_without_preemption, .fails = "scheduling while atomic")
{
	kernel::preempt_disable();
	kernel::schedule();
}

SCENARIO(model_holder_is_not_held_up)
{
	char lock = 0;
	int n = 0;
	slow_context a("a", [&] { lock_both(lock, n); });
	lock_both(lock, n);
	thaw();
	join();
}

SCENARIO(model_held_up, .fails = "starvation")
{
	std::atomic<int> done{0};
	char address = 0;
	slow_context a("a", [&] {
		done.store(1);
		bridge_wake_all(&address);
	});
	wait_for(done, address);
	thaw();
	join();
}

SCENARIO(model_swait)
{
	std::atomic<int> done{0};
	char address = 0;
	context a("a", [&] {
		done.store(1, std::memory_order_relaxed);
		bridge_wake_all(&address);
	});
	wait_for(done, address);
	join();
}

// By another way: the waiter goes while it is woken.
SCENARIO(model_swait_woken_twice)
{
	std::atomic<int> done{0};
	char address = 0;
	task_struct *const self = kernel::current();
	context a("a", [&] { bridge_wake_all(&address); });
	context b("b", [&] {
		done.store(1, std::memory_order_relaxed);
		wake_up_process(self);
	});
	wait_for(done, address);
	join();
}

SCENARIO(model_swait_of_two_addresses)
{
	std::atomic<int> done{0};
	struct alignas(8) {
		char one = 0, other = 0;
	} addresses; // of one queue
	context a("a", [&] { bridge_wake_all(&addresses.other); });
	context b("b", [&] {
		done.store(1, std::memory_order_relaxed);
		bridge_wake_all(&addresses.one);
	});
	wait_for(done, addresses.one);
	join();
}

SCENARIO(model_swait_without_a_barrier, .fails = "deadlock", .only_with_store_buffer = true)
{
	std::atomic<int> done{0};
	char queue = 0, entry = 0;
	task_struct *const self = kernel::current();
	context a("a", [&] {
		done.store(1, std::memory_order_relaxed);
		if (kernel::swait_active(&queue))
			wake_up_process(self);
	});
	kernel::prepare_to_swait_event(&queue, nullptr, &entry, TASK_IDLE);
	if (!done.load(std::memory_order_relaxed))
		kernel::schedule();
	kernel::finish_swait(&queue, &entry);
	join();
}

SCENARIO(model_mutex)
{
	bridge_mutex mutex;
	int n = 0;
	bridge_mutex_init(&mutex);
	const auto count = [&] {
		bridge_mutex_lock(&mutex);
		++n;
		bridge_mutex_unlock(&mutex);
	};
	context a("a", count);
	context b("b", count);
	count();
	join();
	expect(n == 3, "three increments with the mutex");
}

SCENARIO(model_mutex_in_an_interrupt, .fails = "sleeping function called from invalid context")
{
	bridge_mutex mutex;
	bridge_mutex_init(&mutex);
	interrupt b("b", [&] { bridge_mutex_lock(&mutex); });
	join();
}

// The one who unlocks it is not done with it yet.
SCENARIO(model_mutex_that_goes, .fails = "use after free")
{
	auto *mutex = new (std::nothrow) bridge_mutex;
	bridge_mutex_init(mutex);
	bridge_mutex_lock(mutex);
	context a("a", [&] {
		bridge_mutex_lock(mutex);
		bridge_mutex_unlock(mutex);
		delete mutex;
	});
	bridge_mutex_unlock(mutex);
	join();
}

SCENARIO(model_completion)
{
	completion done{};
	int n = 0;
	context a("a", [&] {
		n = 1;
		kernel::complete(&done);
	});
	kernel::wait_for_completion(&done, "waits");
	expect(n == 1, "what was written before complete() is seen");
	join();
}

SCENARIO(model_try_to_cancel)
{
	static std::atomic<int> calls;
	char object = 0;
	calls.store(0, std::memory_order_relaxed);
	hrtimer *timer = kernel::hrtimer_init(&object, [](void *) { calls.fetch_add(1); });

	kernel::hrtimer_start(timer, kernel::ktime_get() + 1000);
	const int result = kernel::hrtimer_try_to_cancel(timer);
	expect(result != 1 || !calls.load(), "it does not come when it was active");
	expect(result != 0 || calls.load() == 1, "it has come when it was not");
	kernel::hrtimer_cancel(timer);
	expect(calls.load() == (result != 1), "it does not come later");
}

SCENARIO(model_cancel_in_the_callback, .fails = "deadlock")
{
	static hrtimer *timer;
	char object = 0;
	timer = kernel::hrtimer_init(&object, [](void *) { kernel::hrtimer_cancel(timer); });
	kernel::hrtimer_start(timer, 0);
	kernel::usleep_range_state(1000, TASK_UNINTERRUPTIBLE);
	kernel::hrtimer_cancel(timer);
}

SCENARIO(model_race, .fails = "data race")
{
	int n = 0;
	context a("a", [&] { ++n; });
	++n;
	join();
}

SCENARIO(model_use_after_free, .fails = "use after free")
{
	int *n = new (std::nothrow) int(0);
	context a("a", [&] { *n = 1; });
	delete n;
	join();
}

SCENARIO(model_address_used_again)
{
	// The first is freed and its address is had again: what is a use after free otherwise is not here.
	reuse_addresses();
	int *first = new (std::nothrow) int(0);
	delete first;
	int *second = new (std::nothrow) int(0);
	expect(first == second, "the address comes back");
	delete second;
}

SCENARIO(model_dead_frame, .fails = "use after return")
{
	static std::atomic<std::atomic<int> *> there;
	there.store(nullptr, std::memory_order_relaxed);
	context a("a", [] {
		if (auto *n = there.load())
			n->store(1, std::memory_order_relaxed);
	});
	const auto publish = []() __attribute__((noinline))
	{
		std::atomic<int> n{0};
		there.store(&n);
		n.store(2, std::memory_order_relaxed);
	};
	publish();
	there.store(nullptr);
	join();
}

SCENARIO(model_leak, .fails = "leak")
{
	(void)new (std::nothrow) int(0);
}

SCENARIO(model_allocation_fails, .fails = "not as promised")
{
	allow_failures(1);
	int *n = new (std::nothrow) int(0);
	expect(n, "there is memory");
	delete n;
}

SCENARIO(model_livelock, .fails = "livelock")
{
	std::atomic<int> n{0};
	while (!n.load())
		;
}

SCENARIO(model_bind_of_what_runs, .fails = "WARNING in kthread_bind")
{
	task_struct *task = kernel::kthread_create([](void *) { return 0; }, nullptr, "thread");
	wake_up_process(task);
	kthread_bind(task, 0);
}

SCENARIO(model_stopped_twice, .fails = "a second kthread_stop")
{
	task_struct *task = kernel::kthread_create([](void *) { return 0; }, nullptr, "thread");
	++task->references;
	kthread_stop(task);
	kthread_stop(task);
}
