// SPDX-License-Identifier: GPL-2.0
#include "kthread/task_view.hpp"
#include "kthread/executor_state.hpp"

namespace kthread
{
namespace
{
// A frame begins with the address of its coroutine's code.
const void *code_of(const void *frame) noexcept
{
	return *static_cast<const void *const *>(frame);
}

constexpr const char *states[] = {"ready", "sleeps", "event", "tasks"};

task_view view_of(const strand &task) noexcept
{
	using handle = std::coroutine_handle<strand>;
	task_view view{};

	view.task = &task;
	view.function = code_of(handle::from_promise(const_cast<strand &>(task)).address());
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

task<void> look(void (*show)(const task_view &task, void *data), void *data)
{
	auto self = co_await this_task::self();

	static_cast<const executor_state *>(self.exec())->for_each([=](const strand &task) {
		if (!self.is(task))
			show(view_of(task), data);
	});
	co_return {};
}
} // namespace

result<void> task_views(const executor &tasks, void (*show)(const task_view &task, void *data),
			void *data)
{
	scope looking(tasks);

	if (auto waits = looking.wait(); !waits)
		return waits;
	if (auto spawned = looking.spawn(look(show, data)); !spawned)
		return spawned;
	return looking.wait();
}
} // namespace kthread
