// SPDX-License-Identifier: GPL-2.0
//
// What module/bridge/ and cxxrt/alloc.c do, by the model's kernel. A function that the bridge gets is a
// line or two here.
#include "bridge/bridge.h"
#include "cxxrt/alloc.h"

#include "kernel.hpp"

extern "C" int vsnprintf(char *, __SIZE_TYPE__, const char *, __builtin_va_list);

using namespace explore;
using namespace kernel;

namespace
{
constexpr unsigned int idle_state = TASK_IDLE | TASK_FREEZABLE;
// __var_waitqueue(): a table of queues, of which the model's scenarios need one each.
const char var_waitqueues[64] = {};
const void *var_waitqueue(const void *var)
{
	return &var_waitqueues[reinterpret_cast<unsigned long>(var) >> 3 & 63];
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
void usleep_range_state(unsigned long min, unsigned long, unsigned int state)
{
	kernel::usleep_range_state(min, state);
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
void wake_up_var(void *var)
{
	if (waitqueue_active(var_waitqueue(var), var))
		wake_up_all(var_waitqueue(var), var);
}
int _printk(const char *format, ...)
{
	log_line(format + 2);
	return 0;
}

// Tasks.
void bridge_get_task(task_struct *task)
{
	alive(task, "get");
	book(&task->references, rmw);
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
task_struct *bridge_current()
{
	return current();
}
bool bridge_cpu_is_online(unsigned int cpu)
{
	return cpu_online(cpu);
}
int bridge_bind_list(task_struct *task, const char *cpus)
{
	might_sleep();
	alive(task, "bind_list");
	if (fails("is there no memory for a mask?"))
		return -BRIDGE_ENOMEM;
	// set_cpus_allowed_ptr(), and PF_NO_SETAFFINITY without a lock
	step("changes the affinity", &task->cpu, rmw);
	if (task->has_ended)
		fail("changes the affinity of %s, which has ended", task->name);
	if (task->should_stop || (task->has_started && task->state != TASK_PARKED))
		fail("changes the affinity of %s, which is not parked", task->name);
	if (*cpus != '0' && *cpus != '1')
		return -BRIDGE_EINVAL;
	task->cpu = static_cast<unsigned int>(*cpus - '0');
	return 0;
}

// Sleeping.
void bridge_idle()
{
	set_current_state(idle_state);
}
// A part of the step before, as in finish_wait().
void bridge_awake()
{
	book(&current()->state, write | weak);
	current()->state = TASK_RUNNING;
}
void bridge_wait_begin(bridge_waiter *waiter, void *)
{
	touch(waiter, sizeof(*waiter), true);
}
void bridge_wait_prepare(bridge_waiter *, void *var)
{
	prepare_to_wait(var_waitqueue(var), var, idle_state);
}
void bridge_wait_end(bridge_waiter *, void *var)
{
	finish_wait(var_waitqueue(var), var);
}
// ___wait_var_event()
void bridge_wait_while(const void *var, unsigned char value)
{
	for (;;) {
		prepare_to_wait(var_waitqueue(var), var, idle_state);
		if (load_acquire(var) != value)
			break;
		kernel::schedule();
	}
	finish_wait(var_waitqueue(var), var);
}
void bridge_set_freezable()
{
	set_freezable();
}
void bridge_yield()
{
	cond_resched();
	try_to_freeze();
}
bool bridge_should_yield()
{
	return need_resched() || freezing();
}
void bridge_parkme()
{
	task_struct *self = current();

	if (!self->freezable)
		return kthread_parkme();
	self->freezable = false;
	kthread_parkme();
	set_freezable();
}

// Timers.
void bridge_timer_init(bridge_timer *timer, void (*expired)(bridge_timer *))
{
	hrtimer_init(timer, reinterpret_cast<void (*)(void *)>(expired));
}
void bridge_timer_start(bridge_timer *timer, long long expires)
{
	hrtimer_start(hrtimer_of(timer), expires);
}
bool bridge_timer_cancel(bridge_timer *timer)
{
	return hrtimer_cancel(hrtimer_of(timer)) == 1;
}
void bridge_timer_destroy(bridge_timer *timer)
{
	hrtimer_cancel(hrtimer_of(timer));
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
