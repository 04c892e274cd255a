// SPDX-License-Identifier: GPL-2.0
#error "<ctype.h>: planned: the kernel's ctype is a table of C"
