// SPDX-License-Identifier: GPL-2.0
// refused: 128-bit division: the kernel has none
unsigned __int128 refused(unsigned __int128 a, unsigned __int128 b)
{
	return a / b;
}
