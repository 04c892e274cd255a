/* SPDX-License-Identifier: GPL-2.0 */
/* Of libstdc++'s inner headers the one that the utilities of its tests include. */
#include <iterator>
