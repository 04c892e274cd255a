// SPDX-License-Identifier: GPL-2.0
// refused: an address by a table (GOT), which modules do not have
extern int far_away;

int *refused()
{
	int *address;

	asm("mov far_away@GOTPCREL(%%rip), %0" : "=r"(address));
	return address;
}
