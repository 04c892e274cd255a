// SPDX-License-Identifier: GPL-2.0
#include "kthread/jthread.hpp"

namespace kthread
{
jthread::~jthread()
{
	if (!reset())
		state_->orphan();
}

result<jthread> jthread::make(thread_state *state, int (*entry)(void *), const char *name, int node,
			      bool wake)
{
	jthread thread(state);

	if (auto created = thread.thread_handle::create(entry, name, node, wake); !created)
		return std::unexpected(created.error());
	return thread;
}
} // namespace kthread
