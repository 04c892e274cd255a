// SPDX-License-Identifier: GPL-2.0
#include <atomic>
#include <type_traits>
#include <cstdint>

#include "kunit.hpp"

namespace
{
enum class colour : unsigned char { red, green, blue };
enum plain { one };
struct pair_of_ints {
	int a, b;
};

template <class A>
concept adds = requires(A &a)
{
	a.fetch_add(1);
};
template <class A>
concept increments = requires(A &a)
{
	++a;
};
template <class A, class T>
concept has_bits = requires(A &a, T t)
{
	a.fetch_or(t);
};
static_assert(adds<std::atomic<int>> && increments<std::atomic<char>>);
static_assert(!adds<std::atomic<bool>> && !increments<std::atomic<bool>>);
static_assert(!has_bits<std::atomic<bool>, bool> && !has_bits<std::atomic<colour>, colour>);
static_assert(!increments<std::atomic<plain>> && !increments<std::atomic<colour>>);
static_assert(!has_bits<std::atomic<int *>, int *>);
static_assert(has_bits<std::atomic<std::uint64_t>, std::uint64_t>);

static_assert(!std::is_copy_constructible_v<std::atomic<int>>);
static_assert(!std::is_copy_assignable_v<std::atomic<int>>);
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);
static_assert(sizeof(std::atomic<colour>) == 1 && sizeof(std::atomic<std::uint64_t>) == 8);
// One instruction takes no value that lies across two cache lines.
static_assert(alignof(std::atomic<pair_of_ints>) == 8 && sizeof(std::atomic<pair_of_ints>) == 8);

constinit std::atomic<int> initialised_by_the_compiler{42};
constinit std::atomic<void *> null_by_default;

template <class T>
void holds(kunit *test, const T first, const T second)
{
	std::atomic<T> a(first);
	KUNIT_EXPECT_TRUE(test, a.load() == first);
	a.store(second);
	KUNIT_EXPECT_TRUE(test, a.load(std::memory_order_relaxed) == second);
	KUNIT_EXPECT_TRUE(test, a.exchange(first, std::memory_order_acq_rel) == second);
	KUNIT_EXPECT_TRUE(test, a == first);
	KUNIT_EXPECT_TRUE(test, (a = second) == second);
	a.store(first, std::memory_order_release);

	T expected = second;
	KUNIT_EXPECT_FALSE(test, a.compare_exchange_strong(expected, second));
	KUNIT_EXPECT_TRUE(test, expected == first);
	KUNIT_EXPECT_TRUE(test, a.load(std::memory_order_acquire) == first);
	KUNIT_EXPECT_TRUE(test, a.compare_exchange_strong(expected, second));
	KUNIT_EXPECT_TRUE(test, expected == first);
	KUNIT_EXPECT_TRUE(test, a.load() == second);
}

// Neighbours in memory must stay as they are.
template <class T>
void leaves_neighbours_alone(kunit *test)
{
	struct {
		T before = T(-1);
		std::atomic<T> value{T(-1)};
		T after = T(-1);
	} all;
	KUNIT_EXPECT_TRUE(test, all.value.fetch_add(2) == T(-1));
	KUNIT_EXPECT_TRUE(test, all.value.load() == T(1));
	all.value.store(T(0));
	KUNIT_EXPECT_TRUE(test, all.before == T(-1) && all.after == T(-1));
}
} // namespace

void atomic_holds_each_size(kunit *test)
{
	holds<std::uint8_t>(test, 0, 0xff);
	holds<std::uint16_t>(test, 0, 0xffff);
	holds<std::uint32_t>(test, 0, 0xffffffff);
	holds<std::uint64_t>(test, 0, ~std::uint64_t(0));
	holds<std::int64_t>(test, -1, 1);
}

void atomic_holds_bool_enum_and_pointer(kunit *test)
{
	int objects[2] = {};
	holds(test, false, true);
	holds(test, colour::red, colour::blue);
	holds(test, &objects[0], &objects[1]);
	holds<int *>(test, nullptr, objects);
}

void atomic_changes_only_its_own_bytes(kunit *test)
{
	leaves_neighbours_alone<std::uint8_t>(test);
	leaves_neighbours_alone<std::uint16_t>(test);
	leaves_neighbours_alone<std::uint32_t>(test);
	leaves_neighbours_alone<std::uint64_t>(test);
}

void atomic_holds_a_small_struct(kunit *test)
{
	std::atomic<pair_of_ints> a(pair_of_ints{1, 2});
	pair_of_ints expected{1, 3};
	KUNIT_EXPECT_FALSE(test, a.compare_exchange_strong(expected, {5, 6}));
	KUNIT_EXPECT_EQ(test, expected.b, 2);
	KUNIT_EXPECT_TRUE(test, a.compare_exchange_strong(expected, {5, 6}));
	KUNIT_EXPECT_EQ(test, a.load().b, 6);
}

void atomic_is_initialised_by_the_compiler(kunit *test)
{
	KUNIT_EXPECT_EQ(test, initialised_by_the_compiler.load(), 42);
	KUNIT_EXPECT_TRUE(test, null_by_default.load() == nullptr);
	std::atomic<int> zero;
	KUNIT_EXPECT_EQ(test, zero.load(), 0);
}

void atomic_counts(kunit *test)
{
	std::atomic<int> a = 5;
	KUNIT_EXPECT_EQ(test, a.fetch_add(3), 5);
	KUNIT_EXPECT_EQ(test, a.fetch_sub(2, std::memory_order_relaxed), 8);
	KUNIT_EXPECT_EQ(test, a++, 6);
	KUNIT_EXPECT_EQ(test, ++a, 8);
	KUNIT_EXPECT_EQ(test, a--, 8);
	KUNIT_EXPECT_EQ(test, --a, 6);
}

void atomic_wraps(kunit *test)
{
	std::atomic<int> a = 0x7fffffff;
	KUNIT_EXPECT_EQ(test, ++a, -0x7fffffff - 1);
	KUNIT_EXPECT_EQ(test, --a, 0x7fffffff);
	std::atomic<std::uint8_t> b = 255;
	KUNIT_EXPECT_EQ(test, ++b, 0);
	KUNIT_EXPECT_EQ(test, --b, 255);
}

void atomic_sets_and_clears_bits(kunit *test)
{
	std::atomic<unsigned> a = 0b0101;
	KUNIT_EXPECT_EQ(test, a.fetch_or(0b0011), 0b0101);
	KUNIT_EXPECT_EQ(test, a.fetch_and(0b0110), 0b0111);
	KUNIT_EXPECT_EQ(test, a.load(), 0b0110);
}

void atomic_compares_and_exchanges_weakly_in_a_loop(kunit *test)
{
	std::atomic<int> a = 20;
	int old = a.load();
	while (!a.compare_exchange_weak(old, old * 2, std::memory_order_acq_rel))
		;
	while (!a.compare_exchange_weak(old, old + 2, std::memory_order_release,
					std::memory_order_relaxed))
		;
	KUNIT_EXPECT_EQ(test, old, 40);
	KUNIT_EXPECT_EQ(test, a.load(), 42);
}
