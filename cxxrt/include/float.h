// SPDX-License-Identifier: GPL-2.0
#error "<float.h>: floating point: a kernel thread does not own the FPU"
