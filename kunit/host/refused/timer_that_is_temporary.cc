// SPDX-License-Identifier: GPL-2.0
// refused: discards qualifiers
#include "kthread/timer.hpp"

// Its end would end at once what was just started.
void refused(void (*f)())
{
	kthread::timer(f).start_after(std::chrono::seconds(1));
}
