// SPDX-License-Identifier: GPL-2.0
#error "<stdlib.h>: the kernel has no C library: memory is new (std::nothrow), sorting is <algorithm>"
