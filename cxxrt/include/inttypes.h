// SPDX-License-Identifier: GPL-2.0
#error "<inttypes.h>: the kernel prints 64 bits by %lld and %llu everywhere"
