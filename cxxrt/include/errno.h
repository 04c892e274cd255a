// SPDX-License-Identifier: GPL-2.0
//
// All errnos of the kernel, also those that never reach user space. Constants and no macros, so that an
// enumeration may have the same names. There is no errno: the kernel's functions return a negative one.
#pragma once

#include <cxxrt/errnos.h>

#define CXXRT_CONSTANT(name, value) inline constexpr int name = value;
CXXRT_ERRNOS(CXXRT_CONSTANT)
#undef CXXRT_CONSTANT
