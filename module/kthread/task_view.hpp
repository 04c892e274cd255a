// SPDX-License-Identifier: GPL-2.0
//
// What the tasks of an executor are doing, for a file in debugfs or a line in the log:
//
//	void log_tasks(const kthread::executor &tasks)
//	{
//		(void)kthread::for_each_task(tasks, [](const kthread::task_view &task) {
//			_printk("\0016%ps %s until %lld\n", task.function, task.state,
//				task.deadline);
//		});
//	}
//
// It costs nothing as long as nobody looks: a task is looked at by another task of its executor.
#pragma once

#include "kthread/executor.hpp"

namespace kthread
{
// One task. Lifetime: as long as the function that gets it runs. Implemented with the task's frame.
struct task_view {
	const void *task; // tells tasks apart
	const void *
		function; // the code of the coroutine that was spawned: its name is what %ps prints
	const void *waiting; // that of the child, in a child, which waits
	const char *state;   // ready, sleeps, event, tasks
	const void *what;    // the event; the group of tasks, which a scope begins with
	long long deadline;  // in nanoseconds of ktime_get(); 0 if there is none
	unsigned int stops;  // so many of those that may stop it have done so
};

// For the library: calls show(task, data) for each.
result<void> task_views(const executor &tasks, void (*show)(const task_view &task, void *data),
			void *data);

// Calls f(task) for each task of an executor that has begun and has not ended, on the executor's thread, and waits for
// that. The other tasks wait meanwhile, so f is short if they are many. The task that does it is not among them.
// Context: may sleep. Errors: EDEADLK from a task of the same executor; ENOMEM; ECANCELED if the executor is gone;
// EINVAL if it runs in interrupts. Implemented with a task.
template <class F>
[[nodiscard]] result<void> for_each_task(const executor &tasks, F f)
{
	return task_views(
		tasks, [](const task_view &task, void *data) { (*static_cast<F *>(data))(task); },
		&f);
}
} // namespace kthread
