// SPDX-License-Identifier: GPL-2.0
// refused: double: a kernel thread does not own the FPU
int refused(int n)
{
	double x = n;
	return static_cast<int>(x / 3);
}
