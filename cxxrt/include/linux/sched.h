// SPDX-License-Identifier: GPL-2.0
#include <cxxrt/kernel_header.hpp>
