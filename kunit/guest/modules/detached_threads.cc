// SPDX-License-Identifier: GPL-2.0
#include "detached.h"

#include <memory>

#include "kthread/jthread.hpp"
#include "kthread/this_thread.hpp"

using namespace std::chrono_literals;
using kthread::jthread;
using kthread::to_errno;

namespace
{
int detach(kthread::result<jthread> made)
{
	if (!made)
		return to_errno(made);
	return to_errno(made->detach());
}
} // namespace

int detached_until_told()
{
	return detach(jthread::run("detached", [] {
		while (!__atomic_load_n(&detached_leave, __ATOMIC_RELAXED))
			kthread::this_thread::sleep_for(1ms);
	}));
}

int detached_at_its_end()
{
	return detach(jthread::run("detached", [owned = std::make_unique<int>()] {}));
}
