// SPDX-License-Identifier: GPL-2.0
// refused: [-Werror=date-time]
const char *built()
{
	return __DATE__;
}
