// SPDX-License-Identifier: GPL-2.0
// refused: the body does not fit into this static_jthread
#include "kthread/jthread.hpp"

auto refused(kthread::static_jthread<16> &thread)
{
	long many[3] = {};

	return thread.run("refused", [many](kthread::stop_token) { return many[2] != 0 ? 1 : 0; });
}
