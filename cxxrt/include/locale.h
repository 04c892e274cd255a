// SPDX-License-Identifier: GPL-2.0
#error "<locale.h>: the kernel has no locales"
