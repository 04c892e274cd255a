// SPDX-License-Identifier: GPL-2.0
#error "<setjmp.h>: the kernel has none of it"
