// SPDX-License-Identifier: GPL-2.0
//
// Read before each C++ file, behind the kernel's macros CONFIG_…: what <linux/kconfig.h> has for them in C, so that a
// header says the same to both. That one includes them by the folder of all headers of the kernel, which are C.
#pragma once

#define CXXRT_CONFIG_SET_1 , 1
#define CXXRT_CONFIG_SECOND(first, second, ...) second
#define CXXRT_CONFIG_PICK(...) CXXRT_CONFIG_SECOND(__VA_ARGS__, 0, 0)
#define CXXRT_CONFIG_PASTE(value) CXXRT_CONFIG_PICK(CXXRT_CONFIG_SET_##value)
#define CXXRT_CONFIG_IS_1(macro) CXXRT_CONFIG_PASTE(macro)

#define IS_BUILTIN(option) CXXRT_CONFIG_IS_1(option)
#define IS_MODULE(option) CXXRT_CONFIG_IS_1(option##_MODULE)
#define IS_ENABLED(option) (IS_BUILTIN(option) || IS_MODULE(option))
