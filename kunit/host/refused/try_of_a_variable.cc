// SPDX-License-Identifier: GPL-2.0
// refused: CXXRT_TRY takes a result, not a variable
#include <cxxrt/errno.hpp>
#include <cxxrt/try.hpp>

cxxrt::result<int> twice(cxxrt::result<int> &r)
{
	return 2 * CXXRT_TRY(r);
}
