// SPDX-License-Identifier: GPL-2.0
// refused: typeid: the kernel has no run-time type information
bool refused(const int &a)
{
	return &typeid(a);
}
