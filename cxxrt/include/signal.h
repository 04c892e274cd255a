// SPDX-License-Identifier: GPL-2.0
#error "<signal.h>: the kernel has none of it"
