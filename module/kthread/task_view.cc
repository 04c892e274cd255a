// SPDX-License-Identifier: GPL-2.0
#include "kthread/task_view.hpp"
#include "kthread/executor_state.hpp"

namespace kthread
{
namespace
{
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
	job<void> looking(tasks);

	if (auto waits = looking.wait(); !waits)
		return waits;
	if (auto spawned = looking.spawn(look(show, data)); !spawned)
		return spawned;
	// One that never began shows nothing.
	return looking.join();
}
} // namespace kthread
