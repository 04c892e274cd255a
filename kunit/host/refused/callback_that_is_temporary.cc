// SPDX-License-Identifier: GPL-2.0
// refused: ignoring return value of
#include "kthread/stop_callback.hpp"

// It would be taken back at once.
void refused(const kthread::stop_token &stop, void (*f)())
{
	kthread::stop_callback(stop, f);
}
