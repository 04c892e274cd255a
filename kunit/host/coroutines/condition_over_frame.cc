// SPDX-License-Identifier: GPL-2.0
//
// An awaiter that is not the library's, which cannot refuse what is done with its result. gcc before 14 puts the
// condition over the frame's first word, and the task would never end.
#include "task_forms.hpp"

namespace
{
struct waits {
	waits() {}
	bool await_ready() { return false; }
	template <class Promise>
	void await_suspend(std::coroutine_handle<Promise> self)
	{
		kthread::task_yields(*self.promise().root, self);
	}
	bool await_resume() { return true; }
};
} // namespace

kthread::task<int> form_condition_over_frame()
{
	if (co_await waits())
		co_return 7;
	co_return 1;
}
