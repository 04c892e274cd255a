// SPDX-License-Identifier: GPL-2.0
#error "<math.h>: floating point: a kernel thread does not own the FPU"
