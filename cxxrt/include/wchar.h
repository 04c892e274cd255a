// SPDX-License-Identifier: GPL-2.0
#error "<wchar.h>: the kernel has no locales"
