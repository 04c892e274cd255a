// SPDX-License-Identifier: GPL-2.0
#include <expected>
#include <type_traits>
#include <utility>

#include "kunit.hpp"

namespace
{
enum class error : int { first = -1, second = -2 };

struct counts {
	int made = 0, copied = 0, moved = 0, assigned = 0, destroyed = 0;
};

// Counts its life; an argument before the counts makes errors of another type.
template <int>
struct tracked {
	counts *life;
	int value;

	tracked(counts &life, int value) : life(&life), value(value) { ++life.made; }
	tracked(const tracked &other) noexcept : life(other.life), value(other.value)
	{
		++life->copied;
	}
	tracked(tracked &&other) noexcept : life(other.life), value(std::exchange(other.value, 0))
	{
		++life->moved;
	}
	~tracked() { ++life->destroyed; }
	tracked &operator=(const tracked &other) noexcept
	{
		value = other.value;
		++life->assigned;
		return *this;
	}
	tracked &operator=(tracked &&other) noexcept
	{
		value = std::exchange(other.value, 0);
		++life->assigned;
		return *this;
	}
};
using tracked_value = tracked<0>;
using tracked_error = tracked<1>;
using tracked_expected = std::expected<tracked_value, tracked_error>;

bool lived(const counts &life, int copied, int moved, int assigned)
{
	return life.made == 1 && life.copied == copied && life.moved == moved &&
	       life.assigned == assigned && life.destroyed == 1 + copied + moved;
}

struct move_only {
	int value;

	explicit move_only(int value) : value(value) {}
	move_only(move_only &&other) noexcept : value(std::exchange(other.value, 0)) {}
	move_only &operator=(move_only &&other) noexcept
	{
		value = std::exchange(other.value, 0);
		return *this;
	}
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

using of_int = std::expected<int, error>;
using of_void = std::expected<void, error>;

static_assert(std::is_convertible_v<int, of_int>);
static_assert(std::is_convertible_v<std::unexpected<error>, of_int>);
static_assert(std::is_convertible_v<std::unexpected<error>, of_void>);
static_assert(std::is_convertible_v<int, std::expected<long, error>>);
static_assert(!std::is_convertible_v<int, std::expected<move_only, error>>);
static_assert(std::is_constructible_v<std::expected<move_only, error>, int>);
static_assert(!std::is_convertible_v<std::unexpected<int>, std::expected<int, move_only>>);
static_assert(std::is_constructible_v<std::expected<int, move_only>, std::unexpected<int>>);
static_assert(!std::is_constructible_v<of_int, std::unexpected<char *>>);
static_assert(!std::is_constructible_v<of_void, std::unexpected<char *>>);
static_assert(!std::is_constructible_v<of_int, char *>);
static_assert(!std::is_constructible_v<of_int, std::in_place_t, char *>);
static_assert(!std::is_constructible_v<of_int, std::unexpect_t, char *>);
static_assert(!std::is_constructible_v<std::expected<move_only, error>>);
static_assert(!std::is_convertible_v<of_int, bool> && !std::is_convertible_v<of_int, int>);

static_assert(!std::is_copy_constructible_v<std::expected<move_only, error>>);
static_assert(!std::is_copy_constructible_v<std::expected<int, move_only>>);
static_assert(!std::is_copy_constructible_v<std::expected<void, move_only>>);
static_assert(!std::is_copy_assignable_v<std::expected<move_only, error>>);
static_assert(std::is_move_constructible_v<std::expected<move_only, move_only>>);
static_assert(std::is_move_assignable_v<std::expected<move_only, move_only>>);
static_assert(std::is_copy_assignable_v<std::unexpected<int>>);

// Such results travel in registers.
static_assert(__is_trivially_constructible(of_int, const of_int &));
static_assert(__is_trivially_constructible(of_void, of_void &&));
static_assert(!__is_trivially_constructible(tracked_expected, const tracked_expected &));

// Looking is refused, not only reading what is seen.
static_assert(is_constant([] { (void)*of_int(1); }));
static_assert(!is_constant([] { (void)*of_int(std::unexpected(error::first)); }));
static_assert(!is_constant([] { (void)of_int(std::unexpected(error::first)).operator->(); }));
static_assert(!is_constant([] { (void)of_int(1).error(); }));
static_assert(is_constant([] { *of_void(); }));
static_assert(!is_constant([] { *of_void(std::unexpected(error::first)); }));
static_assert(!is_constant([] { (void)of_void().error(); }));

constexpr of_int half(int n)
{
	if (n % 2)
		return std::unexpected(error::first);
	return n / 2;
}
static_assert(half(8) && *half(8) == 4 && half(8).value_or(9) == 4);
static_assert(!half(3) && half(3).error() == error::first && half(3).value_or(9) == 9);

constexpr bool assigns_at_compile_time()
{
	of_int e = 1;
	e = std::unexpected(error::second);
	of_int f = e;
	e = 3;
	return *e == 3 && f.error() == error::second;
}
static_assert(assigns_at_compile_time());
} // namespace

void expected_holds_a_value(kunit *test)
{
	of_int e = 5;
	KUNIT_EXPECT_TRUE(test, e);
	KUNIT_EXPECT_TRUE(test, e.has_value());
	KUNIT_EXPECT_EQ(test, *e, 5);
	*e = 6;
	const of_int &same = e;
	KUNIT_EXPECT_EQ(test, *same, 6);
}

void expected_holds_an_error(kunit *test)
{
	of_int e = std::unexpected(error::first);
	KUNIT_EXPECT_FALSE(test, e);
	KUNIT_EXPECT_FALSE(test, e.has_value());
	KUNIT_EXPECT_EQ(test, e.error(), error::first);
	e.error() = error::second;
	const of_int &same = e;
	KUNIT_EXPECT_EQ(test, same.error(), error::second);
}

void expected_default_is_a_default_value(kunit *test)
{
	of_int e;
	KUNIT_EXPECT_TRUE(test, e);
	KUNIT_EXPECT_EQ(test, *e, 0);
}

void expected_of_bool_tells_false_from_failed(kunit *test)
{
	std::expected<bool, error> e = false;
	KUNIT_EXPECT_TRUE(test, e.has_value());
	KUNIT_EXPECT_FALSE(test, *e);
}

void expected_tells_value_from_error_of_the_same_type(kunit *test)
{
	std::expected<int, int> value = 1, failed = std::unexpected(1);
	KUNIT_EXPECT_TRUE(test, value);
	KUNIT_EXPECT_FALSE(test, failed);
}

void expected_converts_the_error(kunit *test)
{
	const std::unexpected<short> e(-7);
	std::expected<void, int> copied = e;
	std::expected<char, long> moved = std::unexpected<short>(-8);
	KUNIT_EXPECT_EQ(test, copied.error(), -7);
	KUNIT_EXPECT_EQ(test, moved.error(), -8);
}

void expected_moves_the_value_out(kunit *test)
{
	std::expected<move_only, error> from(std::in_place, 3);
	move_only to = *std::move(from);
	KUNIT_EXPECT_EQ(test, to.value, 3);
	KUNIT_EXPECT_TRUE(test, from);
	KUNIT_EXPECT_EQ(test, from->value, 0);
}

void expected_moves_the_error_out(kunit *test)
{
	std::expected<void, move_only> from(std::unexpect, 3);
	std::expected<int, move_only> to = std::unexpected(std::move(from).error());
	KUNIT_EXPECT_EQ(test, to.error().value, 3);
	KUNIT_EXPECT_EQ(test, from.error().value, 0);
}

void expected_moves_as_a_whole(kunit *test)
{
	std::expected<move_only, error> from(std::in_place, 3), to = std::move(from);
	KUNIT_EXPECT_EQ(test, to->value, 3);
	KUNIT_EXPECT_TRUE(test, from);
	from = std::move(to);
	KUNIT_EXPECT_EQ(test, from->value, 3);
	KUNIT_EXPECT_EQ(test, to->value, 0);
}

void expected_value_or_gives_the_value_or_the_other(kunit *test)
{
	std::expected<move_only, error> value(std::in_place, 3),
		failed(std::unexpect, error::first);
	KUNIT_EXPECT_EQ(test, std::move(value).value_or(move_only(4)).value, 3);
	KUNIT_EXPECT_EQ(test, value->value, 0);
	KUNIT_EXPECT_EQ(test, std::move(failed).value_or(move_only(4)).value, 4);
	KUNIT_EXPECT_EQ(test, of_int(3).value_or(short(4)), 3);
}

void expected_constructs_in_place_and_destroys_once(kunit *test)
{
	counts value, error;
	{
		tracked_expected e(std::in_place, value, 1);
		tracked_expected f(std::unexpect, error, 2);
		std::expected<void, tracked_error> g(std::unexpect, error, 3);
		KUNIT_EXPECT_EQ(test, value.destroyed + error.destroyed, 0);
	}
	KUNIT_EXPECT_TRUE(test, lived(value, 0, 0, 0));
	KUNIT_EXPECT_EQ(test, error.made, 2);
	KUNIT_EXPECT_EQ(test, error.moved + error.copied, 0);
	KUNIT_EXPECT_EQ(test, error.destroyed, 2);
}

void expected_void_success_makes_no_error(kunit *test)
{
	counts error;
	{
		std::expected<void, tracked_error> e, f = e;
		e = f;
		*e;
		KUNIT_EXPECT_TRUE(test, e && f);
	}
	KUNIT_EXPECT_EQ(test, error.made + error.copied + error.moved + error.destroyed, 0);
}

void expected_copies_and_moves_once(kunit *test)
{
	counts value, error;
	{
		tracked_expected e(std::in_place, value, 1), copy = e, moved = std::move(e);
		KUNIT_EXPECT_EQ(test, copy->value, 1);
		KUNIT_EXPECT_EQ(test, moved->value, 1);
		KUNIT_EXPECT_EQ(test, e->value, 0);
		tracked_expected f(std::unexpect, error, 2), bad_copy = f, bad_moved = std::move(f);
		KUNIT_EXPECT_EQ(test, bad_copy.error().value, 2);
		KUNIT_EXPECT_EQ(test, bad_moved.error().value, 2);
		KUNIT_EXPECT_EQ(test, f.error().value, 0);
	}
	KUNIT_EXPECT_TRUE(test, lived(value, 1, 1, 0));
	KUNIT_EXPECT_TRUE(test, lived(error, 1, 1, 0));
}

void expected_assigns_value_to_value(kunit *test)
{
	counts old, value;
	{
		tracked_expected e(std::in_place, old, 1), f(std::in_place, value, 2);
		e = f;
		KUNIT_EXPECT_EQ(test, e->value, 2);
		KUNIT_EXPECT_EQ(test, f->value, 2);
		e = std::move(f);
		KUNIT_EXPECT_EQ(test, e->value, 2);
		KUNIT_EXPECT_EQ(test, f->value, 0);
	}
	KUNIT_EXPECT_TRUE(test, lived(old, 0, 0, 2));
	KUNIT_EXPECT_TRUE(test, lived(value, 0, 0, 0));
}

void expected_assigns_error_to_error(kunit *test)
{
	counts old, error;
	{
		tracked_expected e(std::unexpect, old, 1), f(std::unexpect, error, 2);
		e = f;
		KUNIT_EXPECT_EQ(test, e.error().value, 2);
		KUNIT_EXPECT_EQ(test, f.error().value, 2);
		e = std::move(f);
		KUNIT_EXPECT_EQ(test, e.error().value, 2);
		KUNIT_EXPECT_EQ(test, f.error().value, 0);
	}
	KUNIT_EXPECT_TRUE(test, lived(old, 0, 0, 2));
	KUNIT_EXPECT_TRUE(test, lived(error, 0, 0, 0));
}

void expected_assigns_error_to_value(kunit *test)
{
	counts value, error;
	{
		tracked_expected e(std::in_place, value, 1), f(std::unexpect, error, 2);
		e = f;
		KUNIT_EXPECT_EQ(test, value.destroyed, 1);
		KUNIT_EXPECT_FALSE(test, e);
		KUNIT_EXPECT_EQ(test, e.error().value, 2);
	}
	KUNIT_EXPECT_TRUE(test, lived(value, 0, 0, 0));
	KUNIT_EXPECT_TRUE(test, lived(error, 1, 0, 0));
}

void expected_assigns_value_to_error(kunit *test)
{
	counts value, error;
	{
		tracked_expected e(std::unexpect, error, 2), f(std::in_place, value, 1);
		e = std::move(f);
		KUNIT_EXPECT_EQ(test, error.destroyed, 1);
		KUNIT_EXPECT_TRUE(test, e);
		KUNIT_EXPECT_EQ(test, e->value, 1);
		KUNIT_EXPECT_EQ(test, f->value, 0);
	}
	KUNIT_EXPECT_TRUE(test, lived(value, 0, 1, 0));
	KUNIT_EXPECT_TRUE(test, lived(error, 0, 0, 0));
}

void expected_void_assigns_both_ways(kunit *test)
{
	counts error;
	{
		std::expected<void, tracked_error> e, f(std::unexpect, error, 2);
		std::swap(e, f);
		KUNIT_EXPECT_FALSE(test, e);
		KUNIT_EXPECT_EQ(test, e.error().value, 2);
		KUNIT_EXPECT_TRUE(test, f);
	}
	KUNIT_EXPECT_EQ(test, error.made + error.moved, error.destroyed);
}

void expected_assigns_itself(kunit *test)
{
	counts value, error;
	{
		tracked_expected e(std::in_place, value, 1), &same = e;
		e = same;
		KUNIT_EXPECT_EQ(test, e->value, 1);
		tracked_expected f(std::unexpect, error, 2), &bad_same = f;
		f = bad_same;
		KUNIT_EXPECT_EQ(test, f.error().value, 2);
	}
	KUNIT_EXPECT_TRUE(test, lived(value, 0, 0, 1));
	KUNIT_EXPECT_TRUE(test, lived(error, 0, 0, 1));
}

namespace
{
struct node {
	std::expected<node, error> *next = nullptr;
	int value = 0;
	bool *gone = nullptr;

	node(int value, std::expected<node, error> *next, bool *gone)
		: next(next), value(value), gone(gone)
	{
	}
	node(node &&other) noexcept : next(other.next), value(other.value), gone(other.gone) {}
	node &operator=(node &&other) noexcept
	{
		value = other.value;
		next = other.next;
		return *this;
	}
	~node() { *gone = true; }
};
} // namespace

// As with std::move(list->next): destroying the old value first would destroy the new one.
void expected_assigns_without_destroying_the_old_value(kunit *test)
{
	bool head_gone = false, tail_gone = false;
	std::expected<node, error> tail(std::in_place, 2, nullptr, &tail_gone);
	std::expected<node, error> head(std::in_place, 1, &tail, &head_gone);
	head = std::move(*head->next);
	KUNIT_EXPECT_FALSE(test, head_gone);
	KUNIT_EXPECT_EQ(test, head->value, 2);
}
