// SPDX-License-Identifier: GPL-2.0
#include "bench.h"

#include "kthread/jthread_group.hpp"

// A module's own object has the group as a member, and destroys it.
alignas(kthread::jthread_group) static unsigned char room[sizeof(kthread::jthread_group)];
static kthread::jthread_group *group;

int cxx_group_start(unsigned int n)
{
	auto made = kthread::jthread_group::create("bench", n,
						   [](kthread::stop_token stop, unsigned int) {
							   bench_reach();
							   (void)stop.wait([] { return false; });
							   return 0;
						   });

	if (!made)
		return kthread::to_errno(made);
	group = new (room) kthread::jthread_group(std::move(*made));
	group->wake();
	return 0;
}

void cxx_group_stop()
{
	std::destroy_at(std::exchange(group, nullptr));
}
