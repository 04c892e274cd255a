// SPDX-License-Identifier: GPL-2.0
// refused: plain new: memory can run out, write new (std::nothrow) and test for null
#include <new>

int *refused()
{
	return new int(3);
}
