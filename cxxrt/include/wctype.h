// SPDX-License-Identifier: GPL-2.0
#error "<wctype.h>: the kernel has no locales"
