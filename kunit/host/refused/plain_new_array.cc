// SPDX-License-Identifier: GPL-2.0
// refused: plain new: memory can run out, write new (std::nothrow) and test for null
#include <new>

struct alignas(64) line {
	char c[64];
};

line *refused(int n)
{
	return new line[n];
}
