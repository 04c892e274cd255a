// SPDX-License-Identifier: GPL-2.0
// refused: discards qualifiers
#include "kthread/worker.hpp"

// Its end would cancel what was just queued.
bool refused(const kthread::worker &worker, void (*f)())
{
	return kthread::work(worker, f).queue();
}
