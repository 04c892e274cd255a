// SPDX-License-Identifier: GPL-2.0
//
// In place of module/main/beat_tasks.cc.
#include "main/beating.hpp"

kthread::result<void> start_tasks(const heartbeat_options &, unsigned int, unsigned int,
				  unsigned int, unsigned int, bool)
{
	return std::unexpected(kthread::errno_t::EOPNOTSUPP);
}

void stop_tasks() {}

int heartbeat_each_task(void (*)(const heartbeat_task *, void *), void *)
{
	return static_cast<int>(kthread::errno_t::EOPNOTSUPP);
}
