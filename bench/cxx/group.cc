// SPDX-License-Identifier: GPL-2.0
#include "bench.h"

#include "kthread/jthread_group.hpp"

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
	group = new (std::nothrow) kthread::jthread_group(std::move(*made));
	if (!group)
		return static_cast<int>(kthread::errno_t::ENOMEM);
	group->wake();
	return 0;
}

void cxx_group_stop()
{
	delete std::exchange(group, nullptr);
}
