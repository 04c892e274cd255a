// SPDX-License-Identifier: GPL-2.0
// refused: throw: the kernel has no exceptions, return std::expected
int refused(int n)
{
	if (n < 0)
		throw n;
	return n;
}
