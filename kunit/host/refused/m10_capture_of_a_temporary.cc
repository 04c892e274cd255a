// SPDX-License-Identifier: GPL-2.0
// refused: error: cannot capture
#include "kthread/jthread.hpp"

struct buffer {
	int bytes;
};
buffer make();

auto refused()
{
	return kthread::jthread::run("refused",
				     [&b = make()](kthread::stop_token) { return b.bytes; });
}
