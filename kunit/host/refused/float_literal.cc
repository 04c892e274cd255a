// SPDX-License-Identifier: GPL-2.0
// refused: SSE register return with SSE disabled
int refused(int n)
{
	auto x = 1.5;
	return static_cast<int>(n * x);
}
