// SPDX-License-Identifier: GPL-2.0
#include <compare>
#include <optional>
#include <utility>

#include "kunit.hpp"

namespace
{
struct counted {
	static inline int alive = 0;
	int value;

	explicit counted(int value) : value(value) { ++alive; }
	counted(const counted &other) : value(other.value) { ++alive; }
	counted &operator=(const counted &) = default;
	~counted() { --alive; }
};

static_assert(sizeof(std::optional<int>) == 2 * sizeof(int));
static_assert(std::is_trivially_copyable_v<std::optional<int>>);
static_assert(!std::is_trivially_copyable_v<std::optional<counted>>);
static_assert(std::optional<int>() == std::nullopt && std::optional(1) > std::nullopt);
static_assert((std::optional(1) <=> std::optional(2)) < 0 && std::optional(2) == 2);
} // namespace

void optional_destroys_what_it_holds(kunit *test)
{
	{
		std::optional<counted> a(std::in_place, 1), b = a;
		KUNIT_EXPECT_EQ(test, counted::alive, 2);
		a.reset();
		KUNIT_EXPECT_EQ(test, counted::alive, 1);
		a = b;
		b = std::nullopt;
		KUNIT_EXPECT_EQ(test, counted::alive, 1);
		KUNIT_EXPECT_EQ(test, a->value, 1);
		a.emplace(2);
		KUNIT_EXPECT_EQ(test, a->value, 2);
	}
	KUNIT_EXPECT_EQ(test, counted::alive, 0);
}

void optional_swaps_a_value_with_none(kunit *test)
{
	std::optional<counted> a(std::in_place, 1), b;
	std::swap(a, b);
	KUNIT_EXPECT_FALSE(test, a.has_value());
	KUNIT_EXPECT_EQ(test, b->value, 1);
	KUNIT_EXPECT_EQ(test, counted::alive, 1);
}

void optional_value_or_gives_the_other(kunit *test)
{
	std::optional<int> none;
	KUNIT_EXPECT_EQ(test, none.value_or(3), 3);
	KUNIT_EXPECT_EQ(test, std::optional<int>(4).value_or(3), 4);
}
