// SPDX-License-Identifier: GPL-2.0
//
// What module/bridge/ and cxxrt/alloc.c do, by the model's kernel, but for the end of the module: see module.cc. A
// function that the bridge gets is a line or two here, so the file may have more than 500 lines.
#include <errno.h>
#include <stddef.h>

#include "bridge/timer.h"
#include "bridge/workqueue.h"
#include "bridge/inbox.h"
#include "cxxrt/alloc.h"

#include "kernel.hpp"
#include "tasks.hpp"

using namespace explore;
using namespace kernel;

namespace
{
constexpr unsigned int idle_state = TASK_IDLE | TASK_FREEZABLE;
unsigned int state_of(bridge_sleep how)
{
	if (how == BRIDGE_WAITS)
		return TASK_UNINTERRUPTIBLE;
	return how == BRIDGE_FREEZES ? idle_state : TASK_IDLE;
}
// queue_of(): more queues than the bridge has, and still two addresses may share one.
const char wait_queues[64] = {};
const void *queue_of(const void *address)
{
	return &wait_queues[reinterpret_cast<unsigned long>(address) >> 3 & 63];
}

// Fewer than the bridge has, so that states share one.
bridge_list lists[4];

completion *completion_of(bridge_completion *completion)
{
	touch(completion, sizeof(*completion), true);
	return reinterpret_cast<struct completion *>(completion->storage);
}

int set_list(task_struct *task, const char *cpus, bool first)
{
	might_sleep();
	alive(task, "bind_list");
	if (fails("is there no memory for a mask?"))
		return -ENOMEM;
	if (*cpus != '0' && *cpus != '1')
		return -EINVAL;

	const auto cpu = static_cast<unsigned int>(*cpus - '0');
	if (first)
		kthread_bind(task, cpu);
	// set_cpus_allowed_ptr()
	step("changes the affinity", &task->state, rmw);
	if (task->has_started && task->state != TASK_PARKED)
		fail("changes the affinity of %s, which is neither new nor parked", task->name);
	// kthreads_update_affinity() does not expect others.
	if (!task->bound)
		fail("changes the affinity of %s, which the kernel may change, too", task->name);
	if (fails("have all CPUs of the list just gone?")) {
		task->has_affinity = task->has_affinity && !first;
		return -EINVAL;
	}
	task->cpu = cpu;
	return 0;
}
} // namespace

// The kernel's own.
task_struct *kthread_create_on_node(int (*function)(void *), void *data, int, const char *format,
				    ...)
{
	char name[24];
	__builtin_va_list args;

	__builtin_va_start(args, format);
	vsnprintf(name, sizeof(name), format, args);
	__builtin_va_end(args);
	return kthread_create(function, data, name);
}

void schedule()
{
	kernel::schedule();
}
int schedule_hrtimeout(long long *expires, const hrtimer_mode)
{
	return kernel::schedule_hrtimeout(*expires);
}
int schedule_hrtimeout_range(long long *expires, unsigned long long, const hrtimer_mode)
{
	return kernel::schedule_hrtimeout(*expires);
}
long long ktime_get()
{
	return kernel::ktime_get();
}
void set_user_nice(task_struct *task, long)
{
	alive(task, "set_user_nice");
}
void sched_set_fifo(task_struct *task)
{
	alive(task, "sched_set_fifo");
}
void sched_set_fifo_low(task_struct *task)
{
	alive(task, "sched_set_fifo_low");
}
void sched_set_normal(task_struct *task, int)
{
	alive(task, "sched_set_normal");
}
int _printk(const char *format, ...)
{
	log_line(format + 2);
	return 0;
}

// Tasks.
void bridge_get_task(task_struct *task)
{
	step("takes a reference to the task", &task->references, rmw);
	alive(task, "get");
	++task->references;
}
void bridge_put_task(task_struct *task)
{
	alive(task, "put");
	book(&task->references, rmw);
	--task->references;
}
int bridge_task_pid(const task_struct *task)
{
	return alive(task, "pid"), task->fiber + 1;
}
unsigned int bridge_task_cpu(const task_struct *task)
{
	return alive(task, "cpu"), task->cpu;
}
char bridge_task_state(task_struct *task)
{
	return alive(task, "state"), 'R';
}
const char *bridge_task_comm(const task_struct *task)
{
	return alive(task, "comm"), task->name;
}
task_struct *bridge_current()
{
	return current();
}
task_struct *bridge_own_thread()
{
	return is_interrupt() ? nullptr : current();
}
// No two interrupts run on one CPU.
unsigned int bridge_hardirq_cpu()
{
	return is_interrupt() ? static_cast<unsigned int>(running_fiber()) + 1 : 0;
}
// node_online(), of two
bool bridge_node_is_valid(int node)
{
	return node >= BRIDGE_NO_NODE && node < 2;
}
unsigned int bridge_online_cpus()
{
	return cpus;
}
int bridge_bind_cpu(task_struct *task, unsigned int cpu)
{
	if (!cpu_online(cpu))
		return -EINVAL;
	kthread_bind(task, cpu);
	return 0;
}
int bridge_send_signal(task_struct *task, int)
{
	return alive(task, "send_signal"), 0;
}
int bridge_bind_list(task_struct *task, const char *cpus)
{
	return set_list(task, cpus, !task->bound);
}
void bridge_bind_again(int) {}

bool bridge_irqs_disabled()
{
	return has_interrupts_off();
}
void *bridge_thread_data(int (*function)(void *))
{
	return current()->function == function ? current()->data : nullptr;
}
int bridge_set_affinity(task_struct *task, const char *)
{
	step("changes the affinity", &task->state, rmw);
	task->has_affinity = true;
	return alive(task, "set_affinity"), 0;
}
void bridge_unbind()
{
	step("lets others change its CPUs", &current()->state, rmw);
	current()->bound = false;
}

// Sleeping.
void bridge_might_sleep()
{
	might_sleep();
}
void bridge_idle(bool freezes)
{
	might_sleep();
	set_current_state(freezes ? idle_state : TASK_IDLE);
}
// A part of the step before, as in finish_swait().
void bridge_awake()
{
	book(&current()->state, write | weak);
	current()->state = TASK_RUNNING;
}
void bridge_sleep_until(long long time, unsigned long long)
{
	do {
		set_current_state(TASK_IDLE);
	} while (kernel::schedule_hrtimeout(time));
}
void bridge_yield()
{
	cond_resched();
}
// Its flag and smp_mb()
void bridge_set_freezable()
{
	step("lets itself be frozen", &current()->freezable, rmw);
	current()->freezable = true;
}
bool bridge_freezing()
{
	return freezing();
}
bool bridge_freeze(bridge_lockdep_map *)
{
	return try_to_freeze();
}
void bridge_parkme()
{
	const bool freezable = current()->freezable;

	current()->freezable = false;
	kthread_parkme();
	if (freezable)
		bridge_set_freezable();
}

// Waking.
void bridge_wait_begin(bridge_waiter *waiter, const void *address)
{
	touch(waiter, sizeof(*waiter), true);
	waiter->address = address;
}
void bridge_wait_prepare(bridge_waiter *waiter, bridge_sleep how)
{
	might_sleep();
	prepare_to_swait_event(queue_of(waiter->address), waiter->address, waiter, state_of(how));
}
void bridge_wait_besides(bridge_waiter *waiter, const void *address)
{
	bridge_wait_begin(waiter, address);
	join_swait(queue_of(address), address, waiter);
}
void bridge_wait_end(bridge_waiter *waiter)
{
	finish_swait(queue_of(waiter->address), waiter);
}
void bridge_wake_all(const void *address)
{
	const void *const queue = queue_of(address), *entry;

	smp_mb();
	if (!swait_active(queue))
		return;
	lock_swait(queue);
	while (task_struct *task = first_of_swait(queue, address, &entry)) {
		touch(entry, 1, false);
		try_to_wake_up(task, TASK_NORMAL, "  wakes");
		leave_swait(queue, entry);
	}
	unlock_swait(queue);
}

// Locks.
void bridge_mutex_init(bridge_mutex *mutex)
{
	touch(mutex, sizeof(*mutex), true);
}
void bridge_mutex_lock(bridge_mutex *mutex)
{
	mutex_lock(mutex);
}
bool bridge_mutex_try_lock(bridge_mutex *mutex)
{
	return mutex_trylock(mutex);
}
void bridge_mutex_unlock(bridge_mutex *mutex)
{
	mutex_unlock(mutex);
}
void bridge_lock_init(bridge_lock *lock)
{
	touch(lock, sizeof(*lock), true);
}
unsigned long bridge_lock_acquire(bridge_lock *lock)
{
	raw_spin_lock(lock);
	return 0;
}
void bridge_lock_release(bridge_lock *lock, unsigned long)
{
	raw_spin_unlock(lock);
}
// raw_spin_lock_irq(): the caller's interrupts are on afterwards.
void bridge_lock_acquire_irq(bridge_lock *lock)
{
	if (has_interrupts_off())
		fail("turns interrupts off that are off");
	raw_spin_lock(lock);
}
void bridge_lock_release_irq(bridge_lock *lock)
{
	raw_spin_unlock(lock);
}
// The lock is waited for, as by put_otherwise().
bool bridge_inbox_put(bridge_entry *entry, bridge_inbox *inbox, unsigned int *state)
{
	raw_spin_lock(inbox->lock);
	touch(&inbox->ready.prev, sizeof(*inbox) - sizeof(inbox->ready.next), true);
	touch(&entry->prev, sizeof(entry->prev), true);
	touch(state, sizeof(*state), true);
	const bool is_put = inbox->mode != BRIDGE_CLOSED && !*state;
	if (is_put) {
		*state = BRIDGE_LISTED;
		book(&entry->next, write | weak);
		book(&inbox->ready.prev->next, write | release | weak);
		bridge_inbox_append(inbox, entry);
		if (inbox->mode == BRIDGE_ASLEEP)
			inbox->wake(entry);
	}
	raw_spin_unlock(inbox->lock);
	return is_put || inbox->put_otherwise(entry);
}
bridge_list *bridge_list_of(const void *address)
{
	return &lists[reinterpret_cast<unsigned long>(address) >> 6 & 3];
}
void bridge_completion_init(bridge_completion *completion)
{
	completion_of(completion)->done = 0;
}
void bridge_completion_wait(bridge_completion *completion)
{
	wait_for_completion(completion_of(completion), "waits for the completion");
}
void bridge_completion_complete(bridge_completion *completion)
{
	touch(completion, sizeof(*completion), true);
	complete(completion_of(completion));
}

// The maps of lockdep, which may not be gone.
void bridge_lockdep_init(bridge_lockdep_map *map, const void *, const char *)
{
	touch(map, sizeof(*map), true);
}
void bridge_lockdep_copy(bridge_lockdep_map *to, const bridge_lockdep_map *from)
{
	touch(from, sizeof(*from), false);
	touch(to, sizeof(*to), true);
}
void bridge_lockdep_enter(bridge_lockdep_map *map)
{
	touch(map, sizeof(*map), true);
}
void bridge_lockdep_leave(bridge_lockdep_map *map)
{
	touch(map, sizeof(*map), true);
}
void bridge_lockdep_wait(bridge_lockdep_map *map)
{
	touch(map, sizeof(*map), true);
}

// Timers.
void bridge_timer_init(bridge_timer *timer, void (*expired)(bridge_timer *))
{
	touch(timer, sizeof(*timer), true);
	timer->expired = expired;
	hrtimer_init(timer, reinterpret_cast<void (*)(void *)>(expired));
}
void bridge_timer_start(bridge_timer *timer, long long expires, unsigned long long)
{
	hrtimer_start(hrtimer_of(timer), expires);
}
void bridge_timer_try_to_cancel(bridge_timer *timer)
{
	hrtimer_try_to_cancel(hrtimer_of(timer));
}
void bridge_timer_destroy(bridge_timer *timer)
{
	hrtimer_destroy(hrtimer_of(timer));
}

void clock_expired(void *address)
{
	auto *const clock = static_cast<bridge_clock *>(address);

	raw_spin_lock(&clock->lock);
	const long long late = kernel::ktime_get() - clock->due;
	step("is the module over?", &bridge_module_is_over, read);
	const bool is_due = clock->armed && late >= 0 && !bridge_module_is_over;
	if (is_due && clock->period) {
		const long long over = late / clock->period;

		clock->missed += static_cast<unsigned long long>(over);
		clock->due += (over + 1) * clock->period;
		hrtimer_start(hrtimer_of(clock), clock->due);
	} else if (is_due) {
		clock->armed = false;
	}
	clock->running = is_due;
	raw_spin_unlock(&clock->lock);
	if (is_due) {
		clock->expired(clock);
		raw_spin_lock(&clock->lock);
		clock->running = false;
		raw_spin_unlock(&clock->lock);
	}
}
bool clock_has_ended(bridge_link *link)
{
	auto *const clock = reinterpret_cast<bridge_clock *>(reinterpret_cast<char *>(link) -
							     offsetof(bridge_clock, link));

	bridge_clock_end(clock);
	return hrtimer_try_to_cancel(hrtimer_of(clock)) >= 0;
}
void clock_left_behind(bridge_link *link, bridge_end how)
{
	if (!bridge_module_is_over)
		log_line("a timer is ended");
	if (bridge_module_poll(link, clock_has_ended) && how == BRIDGE_FREE)
		bridge_module_remove_polled(link);
}
void bridge_clock_init(bridge_clock *clock)
{
	touch(clock, sizeof(*clock), true);
	clock->armed = false;
	clock->running = false;
	clock->missed = 0;
	hrtimer_init(clock, clock_expired);
	bridge_module_add_called(&clock->link, false, clock_left_behind);
}
void bridge_clock_start(bridge_clock *clock, long long expires, long long period,
			unsigned long long)
{
	raw_spin_lock(&clock->lock);
	clock->due = expires > 0 ? expires : 0;
	clock->period = period;
	clock->armed = true;
	hrtimer_start(hrtimer_of(clock), clock->due);
	raw_spin_unlock(&clock->lock);
}
bool bridge_clock_end(bridge_clock *clock)
{
	raw_spin_lock(&clock->lock);
	const bool was_armed = clock->armed;
	clock->armed = false;
	hrtimer_try_to_cancel(hrtimer_of(clock));
	raw_spin_unlock(&clock->lock);
	return was_armed;
}
bool bridge_clock_cancel(bridge_clock *clock)
{
	const bool was_armed = bridge_clock_end(clock);

	hrtimer_cancel(hrtimer_of(clock));
	return bridge_clock_end(clock) || was_armed;
}
bool bridge_clock_is_active(const bridge_clock *clock)
{
	auto *const lock = const_cast<bridge_lock *>(&clock->lock);

	raw_spin_lock(lock);
	const bool is_active = clock->armed || clock->running;
	raw_spin_unlock(lock);
	return is_active;
}
void bridge_clock_destroy(bridge_clock *clock)
{
	bridge_module_remove_polled(&clock->link);
	bridge_clock_cancel(clock);
	hrtimer_destroy(hrtimer_of(clock));
}

void alarm_expired(void *address)
{
	auto *const alarm = static_cast<bridge_alarm *>(address);
	const long long next = alarm->expired(alarm);

	if (next == BRIDGE_NEVER)
		return;
	raw_spin_lock(&alarm->lock);
	if (!hrtimer_is_queued(hrtimer_of(alarm)))
		hrtimer_restart(hrtimer_of(alarm), next);
	raw_spin_unlock(&alarm->lock);
}
void bridge_alarm_init(bridge_alarm *alarm)
{
	touch(alarm, sizeof(*alarm), true);
	hrtimer_init(alarm, alarm_expired);
}
void bridge_alarm_start(bridge_alarm *alarm, long long expires)
{
	raw_spin_lock(&alarm->lock);
	hrtimer_start(hrtimer_of(alarm), expires);
	raw_spin_unlock(&alarm->lock);
}
void bridge_alarm_destroy(bridge_alarm *alarm)
{
	hrtimer_destroy(hrtimer_of(alarm));
}

bool bridge_kasan;
void explore::keep_frames()
{
	bridge_kasan = false;
}

void kernel::reset_bridge()
{
	for (bridge_list &list : lists) {
		list = {};
		keep_place(&list.lock);
	}
	bridge_kasan = true;
}

// Memory. Only GFP_KERNEL, the first of cxxrt::gfp, may sleep.
void *cxxrt_alloc(__SIZE_TYPE__ size, __SIZE_TYPE__ align, unsigned int gfp)
{
	if (!gfp)
		might_sleep_while_running();
	return fails("is there no memory?") ? nullptr : allocate(size, align);
}
void cxxrt_free(void *memory)
{
	release_memory(memory);
}
void kmem_cache_free_bulk(kmem_cache *, __SIZE_TYPE__ size, void **p)
{
	if (has_interrupts_off())
		fail("frees many at once with interrupts off");
	while (size)
		release_memory(p[--size]);
}
