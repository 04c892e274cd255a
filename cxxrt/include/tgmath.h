// SPDX-License-Identifier: GPL-2.0
#error "<tgmath.h>: floating point: a kernel thread does not own the FPU"
