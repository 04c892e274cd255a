// SPDX-License-Identifier: GPL-2.0
//
// What others see of a task: whoever looks, and whoever traces.
#include "kthread/executor_state.hpp"
#include "kthread/task_view.hpp"

constinit const bridge_task_tracer *kthread_task_tracer = nullptr;

namespace kthread
{
namespace
{
// A frame begins with the addresses of its coroutine's code. At its end the first is null.
const void *code_of(const void *frame) noexcept
{
	const void *const *const codes = static_cast<const void *const *>(frame);

	return codes[0] ? codes[0] : codes[1];
}
const void *code_of(const strand &task) noexcept
{
	using handle = std::coroutine_handle<strand>;

	return code_of(handle::from_promise(const_cast<strand &>(task)).address());
}

constexpr const char *states[] = {"ready", "sleeps", "event", "tasks"};
} // namespace

task_view view_of(const strand &task) noexcept
{
	task_view view{};

	view.task = &task;
	view.function = code_of(task);
	// One that runs, or is about to, may have left the child in which it waited last.
	view.waiting = task.state == strand::runs ? view.function : code_of(task.leaf.address());
	view.state = states[task.state];
	if (task.state == strand::on_event)
		view.what = task.on;
	else if (task.state == strand::on_group)
		view.what = task.group;
	if (task.is_armed())
		view.deadline = static_cast<long long>(task.tick * timer_wheel::tick);
	view.stops = task.stops;
	return view;
}

void trace_step(const strand &task, task_step step) noexcept
{
	if (const auto *const tracer = task_tracer())
		(tracer->*step)(&task, code_of(task));
}

void trace_wait(const strand &task) noexcept
{
	const task_view view = view_of(task);

	if (const auto *const tracer = task_tracer())
		tracer->wait(view.task, view.waiting, task.state, view.what, view.deadline);
}
} // namespace kthread
