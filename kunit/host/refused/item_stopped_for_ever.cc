// SPDX-License-Identifier: GPL-2.0
// refused: is private within this context
#include "kthread/worker.hpp"

// Each later run would begin with a stop.
void refused(kthread::work<void (*)(kthread::stop_token)> &item)
{
	item.request_stop();
}
