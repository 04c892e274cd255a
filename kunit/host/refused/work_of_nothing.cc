// SPDX-License-Identifier: GPL-2.0
// refused: no matching function for call to
#include "kthread/work.hpp"
#include "kthread/worker.hpp"

void refused(kthread::worker &on)
{
	kthread::any_work<> item(on, nullptr);

	item.queue();
}
