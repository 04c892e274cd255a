// SPDX-License-Identifier: GPL-2.0
// refused: <vector>: cannot say that memory ran out: use cxxrt/vector.hpp
#include <vector>
