// SPDX-License-Identifier: GPL-2.0
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "kunit.hpp"

namespace
{
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
struct immovable {
	immovable(immovable &&) = delete;
};
struct only_assignable {
	only_assignable(only_assignable &&) = delete;
	only_assignable &operator=(only_assignable &&) { return *this; }
};
struct from_int {
	from_int(int) {}
};
struct from_int_explicitly {
	explicit from_int_explicitly(int) {}
};
class undeletable
{
	~undeletable() = default;
};
enum class scoped { one };
enum class wide : std::int64_t { one };

using std::is_same_v;
static_assert(is_same_v<int, int> && !is_same_v<int, const int> && !is_same_v<int, int &>);
static_assert(std::same_as<int, int> && !std::same_as<int, unsigned>);

static_assert(is_same_v<std::remove_cv_t<const volatile int>, int>);
static_assert(is_same_v<std::remove_cv_t<const int *>, const int *>);
static_assert(is_same_v<std::remove_cv_t<const int[2]>, int[2]>);
static_assert(is_same_v<std::remove_reference_t<const int &&>, const int>);
static_assert(is_same_v<std::remove_cvref_t<const int &>, int>);
static_assert(is_same_v<std::remove_extent_t<int[2][3]>, int[3]>);
static_assert(is_same_v<std::remove_extent_t<const int[]>, const int>);
static_assert(is_same_v<std::conditional_t<true, int, void>, int>);
static_assert(is_same_v<std::conditional_t<false, int, void>, void>);

static_assert(is_same_v<std::decay_t<const int &>, int>);
static_assert(is_same_v<std::decay_t<const int (&)[2]>, const int *>);
static_assert(is_same_v<std::decay_t<int[]>, int *>);
static_assert(is_same_v<std::decay_t<void(int)>, void (*)(int)>);
static_assert(is_same_v<std::decay_t<void (&)() noexcept>, void (*)() noexcept>);

static_assert(std::is_void_v<const void> && !std::is_void_v<void *>);
static_assert(std::is_lvalue_reference_v<int &> && !std::is_lvalue_reference_v<int &&>);
static_assert(std::is_reference_v<int &&> && std::is_reference_v<int &> &&
	      !std::is_reference_v<int>);
static_assert(std::is_array_v<int[]> && std::is_array_v<int[2]> && !std::is_array_v<int (&)[2]>);
static_assert(std::is_unbounded_array_v<int[]> && !std::is_unbounded_array_v<int[2]>);
static_assert(std::is_const_v<const int> && !std::is_const_v<const int &>);
static_assert(std::is_function_v<void() const> && !std::is_function_v<void (*)()>);
static_assert(!std::is_function_v<void> && !std::is_function_v<int &>);
static_assert(std::is_pointer_v<void (*const)()> && std::is_pointer_v<const int *volatile>);
static_assert(!std::is_pointer_v<int[]> && !std::is_pointer_v<std::nullptr_t>);

static_assert(std::is_convertible_v<int, long> && std::is_convertible_v<int, from_int>);
static_assert(!std::is_convertible_v<int, from_int_explicitly>);
static_assert(std::is_convertible_v<int (&)[2], int *> && !std::is_convertible_v<int *, int[2]>);
static_assert(!std::is_convertible_v<void (*)(), void()>);
static_assert(std::is_convertible_v<void, const void> && !std::is_convertible_v<void, int>);
static_assert(!std::is_convertible_v<int, void> && !std::is_convertible_v<scoped, int>);
static_assert(std::is_constructible_v<from_int_explicitly, int>);
static_assert(!std::is_constructible_v<from_int> && !std::is_constructible_v<undeletable>);
static_assert(std::is_move_constructible_v<move_only> && !std::is_copy_constructible_v<move_only>);
static_assert(std::is_move_assignable_v<move_only> && !std::is_copy_assignable_v<move_only>);
static_assert(!std::is_move_constructible_v<immovable> && !std::is_copy_assignable_v<const int>);
static_assert(std::is_trivially_copyable_v<wide> && !std::is_trivially_copyable_v<move_only>);

static_assert(sizeof(std::int8_t) == 1 && sizeof(std::int16_t) == 2 && sizeof(std::int32_t) == 4);
static_assert(sizeof(std::int64_t) == 8 && sizeof(std::uintptr_t) == sizeof(void *));
static_assert(std::int64_t(-1) < 0 && std::uint64_t(-1) > 0 && std::uint8_t(-1) == 255);

template <class T>
concept swaps = requires(T &a, T &b)
{
	std::swap(a, b);
};
static_assert(swaps<move_only> && !swaps<immovable> && !swaps<only_assignable> &&
	      !swaps<const int>);

static_assert(is_same_v<decltype(std::move(std::declval<int &>())), int &&>);
static_assert(is_same_v<decltype(std::move(std::declval<const int &>())), const int &&>);
static_assert(is_same_v<decltype(std::declval<int &>()), int &>);
static_assert(noexcept(std::move(0)) &&noexcept(std::forward<int>(0)));

constexpr int exchanged()
{
	int a = 1, b = std::exchange(a, 2);
	std::swap(a, b);
	return 10 * a + b;
}
static_assert(exchanged() == 12);

constexpr int category(int &)
{
	return 1;
}
constexpr int category(const int &)
{
	return 2;
}
constexpr int category(int &&)
{
	return 3;
}
template <class T>
constexpr int forwarded(T &&t)
{
	return category(std::forward<T>(t));
}
constexpr int number = 0;
static_assert(forwarded(number) == 2 && forwarded(0) == 3);
static_assert([] {
	int n = 0;
	return forwarded(n) == 1 && forwarded(std::move(n)) == 3;
}());

// Found by their arguments' namespace if the library called them by their bare names.
namespace greedy
{
struct type {
	int value;
};
template <class T>
void move(T &&) = delete;
template <class T, class U>
void forward(U &&) = delete;
} // namespace greedy
} // namespace

void utility_exchange_gives_the_old_value(kunit *test)
{
	move_only a(1);
	move_only old = std::exchange(a, move_only(2));
	KUNIT_EXPECT_EQ(test, old.value, 1);
	KUNIT_EXPECT_EQ(test, a.value, 2);
	int number = 7, *p = &number;
	KUNIT_EXPECT_TRUE(test, std::exchange(p, nullptr) == &number && !p);
}

void utility_exchange_takes_braces(kunit *test)
{
	greedy::type a{1};
	KUNIT_EXPECT_EQ(test, std::exchange(a, {2}).value, 1);
	KUNIT_EXPECT_EQ(test, a.value, 2);
}

void utility_swap_swaps(kunit *test)
{
	move_only a(1), b(2);
	std::swap(a, b);
	KUNIT_EXPECT_EQ(test, a.value, 2);
	KUNIT_EXPECT_EQ(test, b.value, 1);
}

void utility_swap_with_itself_keeps_the_value(kunit *test)
{
	move_only a(1), &same = a;
	std::swap(a, same);
	KUNIT_EXPECT_EQ(test, a.value, 1);
}
