// SPDX-License-Identifier: GPL-2.0
// refused: a static local variable needs a constructor at run time: make it constinit
int get();
int refused()
{
	static int value = get();
	return value;
}
