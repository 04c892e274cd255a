// SPDX-License-Identifier: GPL-2.0
// refused: a thread's body is called with a kthread::stop_token or without, and returns an int or nothing
#include "kthread/jthread.hpp"

auto refused()
{
	return kthread::jthread::run("refused", [](const char *) { return 0; });
}
