// SPDX-License-Identifier: GPL-2.0
//
// Processors that come and go, and kernel/smpboot.c with its threads.
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bridge/bridge.h"

#include "kernel.hpp"
#include "tasks.hpp"

using namespace explore;

struct smp_hotplug_thread {
	bridge_percpu_calls calls;
	task_struct *store[kernel::cpus];
	bool registered;
	bridge_link link;
};

namespace
{
enum status { none, active, parked };

struct thread_data {
	smp_hotplug_thread *threads;
	unsigned int cpu;
	status now;
};

bool online[kernel::cpus];
bool hotplug_locked;
smp_hotplug_thread registered[2];
thread_data all_data[2 * kernel::cpus];

// cpus_read_lock() and cpus_write_lock() alike.
void lock_hotplug()
{
	kernel::might_sleep();
	block("locks hotplug", &hotplug_locked, rmw, [] { return !hotplug_locked; });
	hotplug_locked = true;
}

void unlock_hotplug()
{
	step("unlocks hotplug", &hotplug_locked, rmw);
	hotplug_locked = false;
}

// smpboot_thread_fn()
int thread_function(void *argument)
{
	auto &data = *static_cast<thread_data *>(argument);
	const bridge_percpu_calls &calls = data.threads->calls;

	for (;;) {
		kernel::set_current_state(TASK_INTERRUPTIBLE);
		kernel::preempt_disable();
		if (kthread_should_stop()) {
			kernel::__set_current_state(TASK_RUNNING);
			kernel::preempt_enable();
			if (calls.cleanup && data.now != none)
				calls.cleanup(data.cpu, kernel::cpu_online(data.cpu));
			return 0;
		}
		if (kthread_should_park()) {
			kernel::__set_current_state(TASK_RUNNING);
			kernel::preempt_enable();
			if (calls.park && data.now == active) {
				calls.park(data.cpu);
				data.now = parked;
			}
			kthread_parkme();
			continue;
		}
		if (data.now != active) {
			kernel::__set_current_state(TASK_RUNNING);
			kernel::preempt_enable();
			if (data.now == none && calls.setup)
				calls.setup(data.cpu);
			else if (data.now == parked && calls.unpark)
				calls.unpark(data.cpu);
			data.now = active;
			continue;
		}
		if (!calls.should_run(data.cpu)) {
			kernel::preempt_enable();
			kernel::schedule();
		} else {
			kernel::__set_current_state(TASK_RUNNING);
			kernel::preempt_enable();
			calls.run(data.cpu);
		}
	}
}

// __smpboot_create_thread(), which parks it, then smpboot_unpark_thread()
int create_thread(smp_hotplug_thread *threads, unsigned int cpu)
{
	thread_data &data = all_data[(threads - registered) * kernel::cpus + cpu];
	char name[16];

	data = {threads, cpu, none};
	snprintf(name, sizeof(name), "percpu/%u", cpu);
	task_struct *task = kernel::kthread_create(thread_function, &data, name);
	if (reinterpret_cast<long>(task) < 0 && reinterpret_cast<long>(task) > -4096)
		return static_cast<int>(reinterpret_cast<long>(task));
	task->cpu = cpu;
	task->per_cpu = true;
	kthread_park(task);
	++task->references;
	step("stores the thread", &threads->store[cpu], write | release);
	threads->store[cpu] = task;
	if (online[cpu])
		kthread_unpark(task);
	return 0;
}

void destroy_threads(smp_hotplug_thread *threads)
{
	for (task_struct *&task : threads->store) {
		if (!task)
			continue;
		kthread_stop(task);
		--task->references;
		task = nullptr;
	}
}

void stop(smp_hotplug_thread *threads)
{
	lock_hotplug();
	destroy_threads(threads);
	unlock_hotplug();
}

void end(smp_hotplug_thread *threads)
{
	bridge_module_remove(&threads->link);
	stop(threads);
	threads->registered = false;
}
} // namespace

namespace kernel
{
void reset_cpus()
{
	for (bool &cpu : online)
		cpu = true;
	hotplug_locked = false;
	memset(registered, 0, sizeof(registered));
	memset(all_data, 0, sizeof(all_data));
}

bool cpu_online(unsigned int cpu)
{
	step("is the processor online?", &online, read | weak);
	return cpu < cpus && online[cpu];
}
} // namespace kernel

// module/bridge/percpu.c, by smpboot_register_percpu_thread(); its memory is the model's.
smp_hotplug_thread *bridge_percpu_start(const bridge_percpu_calls *calls)
{
	smp_hotplug_thread *threads = registered;
	int error = fails("is there no memory?") ? -ENOMEM : 0;

	if (error)
		return reinterpret_cast<smp_hotplug_thread *>(static_cast<long>(error));
	while (threads->registered)
		++threads;
	lock_hotplug();
	threads->registered = true;
	threads->calls = *calls;
	for (unsigned int cpu = 0; !error && cpu < kernel::cpus; ++cpu) {
		if (online[cpu])
			error = create_thread(threads, cpu);
	}
	if (error) {
		destroy_threads(threads);
		threads->registered = false;
	}
	unlock_hotplug();
	if (error)
		return reinterpret_cast<smp_hotplug_thread *>(static_cast<long>(error));
	bridge_module_add(&threads->link, false, [](bridge_link *link, bridge_end how) {
		if (how == BRIDGE_ASK)
			return;
		if (how == BRIDGE_STOP)
			kernel::log_line("are stopped, as their module goes without them");
		for (smp_hotplug_thread &all : registered) {
			if (&all.link == link)
				(how == BRIDGE_FREE ? end : stop)(&all);
		}
	});
	return threads;
}

int bridge_percpu_stop(smp_hotplug_thread *threads)
{
	for (task_struct *task : threads->store) {
		if (task && task == kernel::current())
			return -EDEADLK;
	}
	end(threads);
	return 0;
}

int bridge_percpu_wake(smp_hotplug_thread *threads, unsigned int cpu)
{
	if (cpu >= kernel::cpus)
		return 0;
	step("looks for the thread of the processor", &threads->store[cpu], read | weak);
	task_struct *task = threads->store[cpu];
	return task && wake_up_process(task);
}

// smpboot_park_threads(), in reverse; the processor goes after that.
void explore::cpu_down(unsigned int cpu)
{
	lock_hotplug();
	for (smp_hotplug_thread &threads : registered) {
		if (threads.registered && threads.store[cpu])
			kthread_park(threads.store[cpu]);
	}
	step("the processor goes", &online, rmw);
	online[cpu] = false;
	unlock_hotplug();
}

// smpboot_create_threads(), smpboot_unpark_threads()
void explore::cpu_up(unsigned int cpu)
{
	lock_hotplug();
	step("the processor comes", &online, rmw);
	online[cpu] = true;
	for (smp_hotplug_thread &threads : registered) {
		if (!threads.registered)
			continue;
		if (threads.store[cpu])
			kthread_unpark(threads.store[cpu]);
		else if (create_thread(&threads, cpu))
			fail("the model cannot do without the thread of a processor that comes");
	}
	unlock_hotplug();
}
