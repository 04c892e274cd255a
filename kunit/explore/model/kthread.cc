// SPDX-License-Identifier: GPL-2.0
//
// kernel/kthread.c and the freezer, of Linux 6.1.
#include <stdio.h>
#include <string.h>

#include "kernel.hpp"
#include "tasks.hpp"

using namespace explore;

namespace
{
bool system_freezes;
int lines_in_log;

// In the list of tasks.
bool is_there(const task_struct &task)
{
	if (!task.is_kthread)
		return false;
	book(&task.references, read | weak);
	return task.references > 0;
}

bool is_running(const void *task)
{
	return static_cast<const task_struct *>(task)->state == TASK_RUNNING;
}

void put_task(task_struct *task)
{
	kernel::alive(task, "put");
	book(&task->references, rmw);
	--task->references;
}

// wait_task_inactive(task, TASK_PARKED)
void check_is_parked(const task_struct *task)
{
	if (task->state != TASK_PARKED)
		fail("WARNING in kthread_park(): %s is not parked any more", task->name);
}

// __kthread_parkme()
void parkme(task_struct *self)
{
	for (;;) {
		// set_special_state(): serialised with wake-ups.
		step("sets its state parked", &self->state, rmw);
		self->state = TASK_PARKED;
		step("shall it park?", &self->should_park, read | weak);
		note("=", self->should_park);
		if (!self->should_park)
			break;
		kernel::complete(&self->parked);
		block("is parked", &self->state, read | acquire, is_running, self);
	}
	// __set_current_state(TASK_RUNNING), as a part of the step before.
	book(&self->state, write | weak);
	self->state = TASK_RUNNING;
}

// kthread()
void thread_begins(void *argument)
{
	auto *self = static_cast<task_struct *>(argument);

	self->has_started = true;
	self->result = -4;
	step("was it stopped before?", &self->should_stop, read | acquire);
	note("=", self->should_stop);
	// kthread_affine_node(), since 6.14
	step("gets the CPUs of its node", &self->state, rmw);
	self->has_affinity = self->has_affinity && self->bound;
	book(&self->should_stop, read | acquire | weak);
	if (!self->should_stop) {
		parkme(self);
		self->result = self->function(self->data);
	}
	kernel::kthread_exit(self->result);
}
} // namespace

namespace kernel
{
void reset_kthread()
{
	system_freezes = false;
	lines_in_log = 0;
}

void log_line(const char *format)
{
	++lines_in_log;
	step(format, nullptr, 0);
}

// do_exit(): the completion is the last that others see.
void kthread_exit(int result)
{
	task_struct *self = current();

	self->result = result;
	if (self->state != TASK_RUNNING)
		fail("%s ends in state %#x", self->name, self->state);
	step("the thread exits", &self->exited, rmw);
	self->has_ended = true;
	become(TASK_DEAD);
	++self->exited.done;
	put_task(self); // in truth after a grace period
	exit_fiber();
}

// kthread_create_on_node(): by kthreadd, which the caller waits for; it may be killed meanwhile.
task_struct *kthread_create(int (*function)(void *), void *data, const char *name)
{
	might_sleep_while_running();
	step("kthread_create", nullptr, 0);
	if (fails("is the caller killed while it waits for kthreadd?"))
		return reinterpret_cast<task_struct *>(-4L);
	if (fails("is there no memory for a thread?"))
		return reinterpret_cast<task_struct *>(-12L);

	task_struct *task = &tasks[next_fiber()];
	*task = {};
	task->fiber = next_fiber();
	task->references = 1;
	task->state = TASK_UNINTERRUPTIBLE;
	task->is_kthread = true;
	task->function = function;
	task->data = data;
	snprintf(task->name, sizeof(task->name), "%s", name);

	fiber_options options;
	options.ready = is_running;
	options.ready_arg = task;
	new_fiber(task->name, thread_begins, task, options);
	return task;
}

bool freezing()
{
	task_struct *self = current();

	if (!self->freezable)
		return false;
	step("does the system freeze?", &system_freezes, read | weak);
	return system_freezes;
}

// __refrigerator(): the state first, then the question.
bool try_to_freeze()
{
	task_struct *self = current();
	bool was_frozen = false;

	might_sleep();
	if (!freezing())
		return false;
	for (;;) {
		step("sets its state frozen", &self->state, rmw);
		self->state = TASK_FROZEN;
		if (!freezing())
			break;
		was_frozen = true;
		block("is frozen", &self->state, read | acquire, is_running, self);
	}
	__set_current_state(TASK_RUNNING);
	return was_frozen;
}
} // namespace kernel

// Those of the kernel's that the library calls by their own names.
extern "C" {
int wake_up_process(task_struct *task)
{
	return kernel::try_to_wake_up(task, TASK_NORMAL, "wake_up_process");
}

void kthread_unpark(task_struct *task)
{
	kernel::alive(task, "kthread_unpark");
	step("kthread_unpark: clears the flag", &task->should_park, read | write);
	task->should_park = false;
	kernel::try_to_wake_up(task, TASK_PARKED, "kthread_unpark: wakes");
}

int kthread_park(task_struct *task)
{
	kernel::might_sleep();
	kernel::alive(task, "kthread_park");
	step("kthread_park: sets the flag", &task->should_park, read | write);
	if (task->has_ended)
		fail("WARNING in kthread_park(): %s has ended", task->name);
	if (task->should_park)
		fail("WARNING in kthread_park(): %s is to park already", task->name);
	task->should_park = true;
	if (task == kernel::current())
		return 0;
	kernel::try_to_wake_up(task, TASK_NORMAL, "kthread_park: wakes");
	kernel::wait_for_completion(&task->parked, "kthread_park: waits");
	check_is_parked(task);
	return 0;
}

int kthread_stop(task_struct *task)
{
	kernel::might_sleep();
	kernel::alive(task, "kthread_stop");
	if (task == kernel::current())
		fail("deadlock: %s stops itself", task->name);
	++task->references;
	step("kthread_stop: sets the flag", &task->should_stop, rmw);
	kernel::alive(task, "kthread_stop");
	if (task->was_stopped)
		fail("a second kthread_stop() of %s", task->name);
	task->should_stop = task->was_stopped = true;
	kthread_unpark(task);
	kernel::try_to_wake_up(task, TASK_NORMAL, "kthread_stop: wakes");
	kernel::wait_for_completion(&task->exited, "kthread_stop: waits");
	const int result = task->result;
	put_task(task);
	return result;
}

bool kthread_should_stop()
{
	task_struct *self = kernel::current();

	step("kthread_should_stop", &self->should_stop, read | acquire | weak);
	note("=", self->should_stop);
	return self->should_stop;
}

bool kthread_should_park()
{
	task_struct *self = kernel::current();

	step("kthread_should_park", &self->should_park, read | acquire | weak);
	note("=", self->should_park);
	return self->should_park;
}

void kthread_parkme()
{
	kernel::might_sleep();
	parkme(kernel::current());
}

// Warns unless the task sleeps as kthread_create() has left it, which nobody may end meanwhile.
void kthread_bind(task_struct *task, unsigned int cpu)
{
	kernel::alive(task, "kthread_bind");
	for (int binds = 0; binds < 2; ++binds) {
		step(binds ? "kthread_bind: binds" : "kthread_bind: wait_task_inactive",
		     &task->state, rmw);
		if (task->has_started || task->state != TASK_UNINTERRUPTIBLE)
			fail("WARNING in kthread_bind(): %s has been woken", task->name);
	}
	task->bound = task->has_affinity = true;
	task->cpu = cpu;
}
}

// freeze_task(): one that sleeps in a state where it may be frozen is so at once, another is woken.
void explore::begin_to_freeze()
{
	step("the system freezes", &system_freezes, rmw);
	system_freezes = true;
	for (task_struct &task : kernel::tasks) {
		if (!is_there(task))
			continue;
		step("freezes a task", &task.state, rmw);
		book(&task.freezable, read | weak);
		if (task.freezable && task.state & TASK_FREEZABLE)
			task.state = TASK_FROZEN;
		else if (task.freezable)
			kernel::try_to_wake_up(&task, TASK_NORMAL, "freezer: wakes");
	}
}

// try_to_freeze_tasks()
void explore::suspend()
{
	const auto is_awake = [](const task_struct &task) {
		return task.is_kthread && task.freezable && !task.has_ended &&
		       task.state != TASK_FROZEN;
	};

	for (;;) {
		bool all = true;

		begin_to_freeze();
		step("are all frozen?", &system_freezes, rmw);
		for (const task_struct &task : kernel::tasks) {
			if (!is_there(task))
				continue;
			book(&task.state, read | weak);
			book(&task.freezable, read | weak);
			all = all && !is_awake(task);
		}
		if (all)
			return;
		kernel::usleep_range_state(1000, TASK_UNINTERRUPTIBLE);
	}
}

void explore::resume()
{
	step("the system thaws", &system_freezes, rmw);
	system_freezes = false;
	for (task_struct &task : kernel::tasks)
		if (is_there(task))
			kernel::try_to_wake_up(&task, TASK_FROZEN, "thaws");
}

void explore::kernel_reset()
{
	kernel::reset_sched();
	kernel::reset_time();
	kernel::reset_pool();
	kernel::reset_kthread();
	kernel::reset_cpus();
	kernel::reset_locks();
	kernel::reset_bridge();
	kernel::reset_module();
}

void explore::kernel_check_end()
{
	kernel::check_sched_at_end();
	kernel::check_timers_at_end();
	kernel::check_pool_at_end();
	kernel::check_module_at_end();
	if (lines_in_log)
		fail("the log has a line");
}

void explore::expect_log(int least, int most)
{
	expect(lines_in_log >= least && lines_in_log <= most, "as many lines in the log");
	lines_in_log = 0;
}

void explore::kernel_freed(const void *memory, unsigned long size)
{
	kernel::check_freed(memory, size);
	kernel::check_timers_freed(memory, size);
	kernel::check_items_freed(memory, size);
}
