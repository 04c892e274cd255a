// SPDX-License-Identifier: GPL-2.0
// refused: a thread's body is called as int(kthread::stop_token)
#include "kthread/jthread.hpp"

auto refused()
{
	return kthread::jthread::run("refused", [] { return 0; });
}
