// SPDX-License-Identifier: GPL-2.0
// refused: format not a string literal
#include "kthread/jthread.hpp"

kthread::name refused(const char *from_user)
{
	return kthread::name(from_user);
}
