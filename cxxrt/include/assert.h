// SPDX-License-Identifier: GPL-2.0
#error "<assert.h>: the kernel does not abort: use warn_on() of cxxrt/debug.hpp"
