// SPDX-License-Identifier: GPL-2.0
// refused: without its handle the thread is stopped at once
#include "kthread/jthread.hpp"

void refused()
{
	kthread::jthread::run("refused", [](kthread::stop_token) { return 0; });
}
