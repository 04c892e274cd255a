// SPDX-License-Identifier: GPL-2.0
//
// Of <algorithm>, <numeric>, <array> and <string_view> what has cases that differ by size or by place.
#include <algorithm>
#include <array>
#include <functional>
#include <numeric>
#include <string_view>

#include "kunit.hpp"

using namespace std::string_view_literals;

namespace
{
// Numbers in no order, which are the same in each run.
template <std::size_t n>
std::array<int, n> shuffled()
{
	std::array<int, n> numbers{};
	unsigned int state = 1;
	for (int &x : numbers) {
		state = state * 1103515245u + 12345u;
		x = static_cast<int>(state >> 16) % 97;
	}
	return numbers;
}

// Sorts n numbers, and puts the one at nth where sorting would.
template <std::size_t n>
[[gnu::noinline]] bool sorts(std::size_t nth)
{
	auto numbers = shuffled<n>(), unsorted = numbers;
	std::sort(numbers.begin(), numbers.end());
	std::nth_element(unsorted.begin(), unsorted.begin() + static_cast<std::ptrdiff_t>(nth),
			 unsorted.end());
	return std::is_sorted(numbers.begin(), numbers.end()) && unsorted[nth] == numbers[nth] &&
	       std::accumulate(numbers.begin(), numbers.end(), 0) ==
		       std::accumulate(unsorted.begin(), unsorted.end(), 0);
}

static_assert([] {
	std::array a{3, 1, 2};
	std::sort(a.begin(), a.end(), std::greater<>());
	return a == std::array{3, 2, 1};
}());
static_assert(std::gcd(12, -18) == 6 && std::lcm(4, 6) == 12 && std::midpoint(3, 6) == 4);
static_assert("kthread/0"sv.substr(8) == "0" && "a" < "b"sv && "abcabc"sv.rfind("bc") == 4);
static_assert("kthreadxx"sv.starts_with("kthread") && "kthreadxx"sv.ends_with('x'));
static_assert("a,b"sv.find_first_of(",;") == 1 && "  a"sv.find_first_not_of(' ') == 2);
} // namespace

void algorithm_sorts_each_size(kunit *test)
{
	KUNIT_EXPECT_TRUE(test, sorts<1>(0));
	KUNIT_EXPECT_TRUE(test, sorts<2>(1));
	KUNIT_EXPECT_TRUE(test, sorts<16>(8));
	KUNIT_EXPECT_TRUE(test, sorts<17>(0));
	KUNIT_EXPECT_TRUE(test, sorts<100>(50));
	KUNIT_EXPECT_TRUE(test, sorts<100>(99));
}

void algorithm_finds_what_is_sorted(kunit *test)
{
	const std::array numbers{1, 3, 3, 3, 5};
	const auto range = std::equal_range(numbers.begin(), numbers.end(), 3);
	KUNIT_EXPECT_EQ(test, range.first - numbers.begin(), 1);
	KUNIT_EXPECT_EQ(test, range.second - numbers.begin(), 4);
	KUNIT_EXPECT_TRUE(test, std::binary_search(numbers.begin(), numbers.end(), 5));
	KUNIT_EXPECT_FALSE(test, std::binary_search(numbers.begin(), numbers.end(), 4));
}

void algorithm_rotates_and_removes(kunit *test)
{
	std::array numbers{1, 2, 3, 4, 5};
	const auto first = std::rotate(numbers.begin(), numbers.begin() + 2, numbers.end());
	KUNIT_EXPECT_TRUE(test, (numbers == std::array{3, 4, 5, 1, 2}));
	KUNIT_EXPECT_EQ(test, *first, 1);
	const auto end =
		std::remove_if(numbers.begin(), numbers.end(), [](int x) { return x % 2; });
	KUNIT_EXPECT_EQ(test, end - numbers.begin(), 2);
	KUNIT_EXPECT_EQ(test, numbers[0], 4);
}
