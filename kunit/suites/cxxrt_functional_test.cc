// SPDX-License-Identifier: GPL-2.0
//
// Of <functional>, <tuple>, <compare> and <initializer_list>.
#include <compare>
#include <functional>
#include <initializer_list>
#include <memory>
#include <tuple>

#include "kunit.hpp"

namespace
{
struct version {
	int major, minor;
	friend auto operator<=>(const version &, const version &) = default;
};
static_assert(version{1, 2} < version{1, 3} && version{2, 0} >= version{1, 9});
static_assert((1 <=> 2) == std::strong_ordering::less && std::is_gt(2 <=> 1));

constexpr int sum(std::initializer_list<int> numbers)
{
	int sum = 0;
	for (int x : numbers)
		sum += x;
	return sum;
}
static_assert(sum({1, 2, 3}) == 6);

static_assert(std::tuple(1, 'a') < std::tuple(1, 'b'));
static_assert(std::apply([](int a, int b) { return a + b; }, std::pair(1, 2)) == 3);
static_assert(std::get<2>(std::tuple_cat(std::tuple(1), std::tuple(2, 3))) == 3);
static_assert(std::invoke(&version::minor, version{1, 2}) == 2);
static_assert(std::bind_front(std::plus<>(), 1)(2) == 3);
} // namespace

void functional_keeps_what_only_moves(kunit *test)
{
	const std::unique_ptr<int> seven(new (std::nothrow) int(7));
	int value = seven ? *seven : 0;
	auto doubled = std::bind_front([](int &x, int by) { return x *= by; }, std::ref(value));
	KUNIT_EXPECT_EQ(test, doubled(2), 14);
	KUNIT_EXPECT_EQ(test, value, 14);
}

void tuple_ties_and_takes_apart(kunit *test)
{
	int a = 0, b = 0;
	std::tie(a, std::ignore, b) = std::tuple(1, 2, 3);
	auto [x, y] = std::pair(a, b);
	KUNIT_EXPECT_EQ(test, x, 1);
	KUNIT_EXPECT_EQ(test, y, 3);
}
