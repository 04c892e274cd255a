// SPDX-License-Identifier: GPL-2.0
// refused: [-Werror=vla
int sum(int n)
{
	int numbers[n] = {};
	return numbers[0];
}
