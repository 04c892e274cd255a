// SPDX-License-Identifier: GPL-2.0
// refused: dynamic_cast: the kernel has no run-time type information
class base;
class derived;

derived *refused(base *object)
{
	return dynamic_cast<derived *>(object);
}
