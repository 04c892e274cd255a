// SPDX-License-Identifier: GPL-2.0
// refused: float: a kernel thread does not own the FPU
struct refused {
	float x;
};
