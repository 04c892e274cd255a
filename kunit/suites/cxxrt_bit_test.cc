// SPDX-License-Identifier: GPL-2.0
#include <bit>
#include <cstdint>

#include "kunit.hpp"

static_assert(std::bit_width(0u) == 0 && std::bit_width(1u) == 1);
static_assert(std::bit_width(static_cast<std::uint8_t>(~0u)) == 8);

void bit_width_of_each_power_of_two(kunit *test)
{
	// A value that the compiler must not know.
	const volatile unsigned long long one = 1;

	for (int width = 1; width <= 64; ++width) {
		const auto power = one << (width - 1);

		KUNIT_EXPECT_EQ(test, std::bit_width(power), width);
		KUNIT_EXPECT_EQ(test, std::bit_width(power | (power - 1)), width);
		KUNIT_EXPECT_EQ(test, std::bit_width(power - 1), width - 1);
	}
}
