// SPDX-License-Identifier: GPL-2.0
// refused: no matching function for call to
#include "kthread/stop_token.hpp"

bool refused()
{
	kthread::stop_token mine;

	return mine.stop_requested();
}
