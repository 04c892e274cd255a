// SPDX-License-Identifier: GPL-2.0
#error "<uchar.h>: the kernel has no locales"
