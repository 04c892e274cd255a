// SPDX-License-Identifier: GPL-2.0
// refused: ignoring returned value of type
#include <expected>

std::expected<void, int> may_fail();

void refused()
{
	may_fail();
}
