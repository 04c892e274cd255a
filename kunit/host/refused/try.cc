// SPDX-License-Identifier: GPL-2.0
// refused: try: the kernel has no exceptions, test std::expected
int refused(int n)
{
	try {
		return n;
	} catch (int) {
		return 0;
	}
}
