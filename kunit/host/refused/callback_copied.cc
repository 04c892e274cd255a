// SPDX-License-Identifier: GPL-2.0
// refused: stop_callback<void (*)()>::stop_callback(const
#include "kthread/stop_callback.hpp"

void refused(kthread::stop_callback<void (*)()> &callback)
{
	kthread::stop_callback<void (*)()> copy(callback);
}
