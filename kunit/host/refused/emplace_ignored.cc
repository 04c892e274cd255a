// SPDX-License-Identifier: GPL-2.0
// refused: ignoring return
#include "kthread/static_object.hpp"

constinit kthread::static_object<int> object;

void refused()
{
	object.emplace(1);
}
