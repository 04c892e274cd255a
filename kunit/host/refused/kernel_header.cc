// SPDX-License-Identifier: GPL-2.0
// refused: kernel headers are C: include this one in a .c file
#include <linux/slab.h>
