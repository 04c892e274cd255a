// SPDX-License-Identifier: GPL-2.0
// refused: error: <linux/slab.h>: kernel headers are C, include them in a .c file and declare what you need in a bridge
#include <linux/slab.h>
