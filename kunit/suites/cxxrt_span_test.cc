// SPDX-License-Identifier: GPL-2.0
#include <span>
#include <type_traits>

#include "kunit.hpp"

namespace
{
struct base {
	int a;
};
struct derived : base {
	int b;
};

template <class F, auto = (static_cast<void>(F()()), 0)>
constexpr bool is_constant(F)
{
	return true;
}
constexpr bool is_constant(...)
{
	return false;
}

static_assert(std::is_convertible_v<int (&)[3], std::span<int>>);
static_assert(std::is_convertible_v<int (&)[3], std::span<const int>>);
static_assert(!std::is_constructible_v<std::span<int>, const int (&)[3]>);
static_assert(std::is_convertible_v<std::span<int>, std::span<const int>>);
static_assert(!std::is_constructible_v<std::span<int>, std::span<const int>>);
// Another stride.
static_assert(!std::is_constructible_v<std::span<base>, std::span<derived>>);
static_assert(!std::is_constructible_v<std::span<base>, derived (&)[3]>);
static_assert(!std::is_constructible_v<std::span<int>, int *>);
static_assert(std::is_same_v<std::span<const int>::value_type, int>);
static_assert(std::is_same_v<std::span<const int>::element_type, const int>);
static_assert(std::is_trivially_copyable_v<std::span<int>>);

constexpr int numbers[] = {1, 2, 3};
constexpr std::span<const int> whole = numbers;
constexpr std::span<const int> none;

static_assert(whole.size() == 3 && whole.size_bytes() == 3 * sizeof(int) &&
	      whole.data() == numbers);
static_assert(none.empty() && none.size() == 0 && none.data() == nullptr &&
	      none.begin() == none.end());

static_assert(is_constant([] { return &whole[2]; }) && !is_constant([] { return &whole[3]; }));
static_assert(!is_constant([] { return whole[std::dynamic_extent]; }));
static_assert(!is_constant([] { return none[0]; }));
static_assert(!is_constant([] { return int(none.front()); }));
static_assert(!is_constant([] { return int(none.back()); }));
static_assert(is_constant([] { return whole.first(3); }) &&
	      !is_constant([] { return whole.first(4); }));
static_assert(is_constant([] { return whole.last(3); }) &&
	      !is_constant([] { return whole.last(4); }));
static_assert(!is_constant([] { return whole.first(std::dynamic_extent); }));
static_assert(!is_constant([] { return whole.last(std::dynamic_extent); }));
static_assert(is_constant([] { return whole.subspan(3); }) &&
	      !is_constant([] { return whole.subspan(4); }));
static_assert(!is_constant([] { return whole.subspan(2, 2); }));
// Not even where the sum of the two overflows.
static_assert(!is_constant([] { return whole.subspan(2, std::dynamic_extent - 1); }));
} // namespace

void span_writes_through(kunit *test)
{
	int array[] = {1, 2, 3};
	std::span<int> s = array;
	s[1] = 7;
	s.front() = 6;
	s.back() = 8;
	KUNIT_EXPECT_TRUE(test, array[0] == 6 && array[1] == 7 && array[2] == 8);
}

void span_of_pointer_and_count(kunit *test)
{
	int array[] = {1, 2, 3};
	std::span<int> s(array + 1, 2), empty(array, 0);
	KUNIT_EXPECT_TRUE(test, s.data() == array + 1);
	KUNIT_EXPECT_EQ(test, s.size(), 2);
	KUNIT_EXPECT_TRUE(test, empty.empty());
	KUNIT_EXPECT_TRUE(test, empty.data() == array);
}

void span_iterates_in_order(kunit *test)
{
	int digits = 0;
	for (int n : whole)
		digits = 10 * digits + n;
	KUNIT_EXPECT_EQ(test, digits, 123);
}

void span_to_const_sees_the_same(kunit *test)
{
	int array[] = {1, 2, 3};
	std::span<int> s = array;
	std::span<const int> c = s;
	s[0] = 5;
	KUNIT_EXPECT_EQ(test, c[0], 5);
	KUNIT_EXPECT_EQ(test, c.size(), 3);
}

void span_first_and_last(kunit *test)
{
	KUNIT_EXPECT_EQ(test, whole.first(2).size(), 2);
	KUNIT_EXPECT_EQ(test, whole.first(2).back(), 2);
	KUNIT_EXPECT_EQ(test, whole.last(2).size(), 2);
	KUNIT_EXPECT_EQ(test, whole.last(2).front(), 2);
	KUNIT_EXPECT_TRUE(test, whole.first(0).empty());
	KUNIT_EXPECT_TRUE(test, whole.last(0).empty());
	KUNIT_EXPECT_TRUE(test, whole.last(0).data() == numbers + 3);
}

void span_subspan(kunit *test)
{
	KUNIT_EXPECT_EQ(test, whole.subspan(1).size(), 2);
	KUNIT_EXPECT_EQ(test, whole.subspan(1).front(), 2);
	KUNIT_EXPECT_EQ(test, whole.subspan(1, 1).size(), 1);
	KUNIT_EXPECT_EQ(test, whole.subspan(1, 1).back(), 2);
	KUNIT_EXPECT_TRUE(test, whole.subspan(3).empty());
	KUNIT_EXPECT_TRUE(test, whole.subspan(0, 0).empty());
}

void span_is_deduced(kunit *test)
{
	int array[] = {1, 2, 3};
	const int const_array[] = {1, 2};
	std::span s(array);
	std::span counted(array, 2);
	std::span c(const_array);
	static_assert(std::is_same_v<decltype(s)::element_type, int>);
	static_assert(std::is_same_v<decltype(counted), std::span<int>>);
	static_assert(std::is_same_v<decltype(c)::element_type, const int>);
	KUNIT_EXPECT_EQ(test, s.size() + counted.size() + c.size(), 3 + 2 + 2);
}
