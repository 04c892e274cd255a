// SPDX-License-Identifier: GPL-2.0
#error "<stdio.h>: the kernel has no files of C: use cxxrt/print.hpp"
