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

int detached_start()
{
	if (int error = detach(jthread::run("ends", [owned = std::make_unique<int>()] {})))
		return error;
	return detach(jthread::run("stays", [owned = std::make_unique<int>()] {
		while (!__atomic_load_n(&detached_leave, __ATOMIC_RELAXED))
			kthread::this_thread::sleep_for(1ms);
	}));
}
