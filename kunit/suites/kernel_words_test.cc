// SPDX-License-Identifier: GPL-2.0
//
// What cxxrt has besides the standard's headers: cxxrt/vector.hpp, refcounted.hpp, try.hpp, errno.hpp,
// print.hpp, debug.hpp, and the functions of <functional> that later standards have.
#include <atomic>
#include <cerrno>
#include <cxxrt/debug.hpp>
#include <cxxrt/gfp.hpp>
#include <cxxrt/print.hpp>
#include <cxxrt/refcounted.hpp>
#include <cxxrt/try.hpp>
#include <cxxrt/vector.hpp>
#include <functional>
#include <numeric>

#include "kunit.hpp"

namespace
{
static_assert(sizeof(cxxrt::result<void>) == sizeof(int));
static_assert(static_cast<int>(cxxrt::errno_t::ENOMEM) == -ENOMEM && EAGAIN == EWOULDBLOCK);

struct counted : cxxrt::refcounted<counted> {
	static inline int alive = 0;

	counted() { ++alive; }
	~counted() { --alive; }
};

// The examples at the top of the headers.
#include "examples/cxxrt/debug.inc"
#include "examples/cxxrt/errno.inc"
#include "examples/cxxrt/gfp.inc"
#include "examples/cxxrt/print.inc"
#include "examples/cxxrt/refcounted.inc"
#include "examples/cxxrt/try.inc"
#include "examples/cxxrt/vector.inc"
} // namespace

void vector_grows_and_keeps_its_elements(kunit *test)
{
	cxxrt::vector<std::unique_ptr<int>> numbers;
	for (int i = 0; i < 100; ++i)
		KUNIT_EXPECT_TRUE(test, numbers.push_back(std::make_unique<int>(i)));
	KUNIT_EXPECT_EQ(test, numbers.size(), 100);
	for (size_t i = 0; i < numbers.size(); ++i)
		KUNIT_EXPECT_TRUE(test, numbers[i] && *numbers[i] == static_cast<int>(i));
	numbers.pop_back();
	KUNIT_EXPECT_EQ(test, *numbers.back(), 98);
	const auto moved = std::move(numbers);
	KUNIT_EXPECT_TRUE(test, numbers.empty() && moved.size() == 99);
}

void vector_that_cannot_grow_is_enomem(kunit *test)
{
	cxxrt::vector<int> numbers;
	KUNIT_EXPECT_TRUE(test, numbers.push_back(1));
	const auto reserved = numbers.reserve(static_cast<size_t>(-1) / 2);
	KUNIT_EXPECT_TRUE(test, !reserved && reserved.error() == cxxrt::errno_t::ENOMEM);
	KUNIT_EXPECT_EQ(test, numbers[0], 1);
	const auto copy = numbers.try_clone();
	KUNIT_EXPECT_TRUE(test, copy && copy->size() == 1 && (*copy)[0] == 1);
}

void vector_takes_an_element_of_its_own(kunit *test)
{
	cxxrt::vector<int> numbers;
	for (int i = 0; i < 4; ++i)
		KUNIT_EXPECT_TRUE(test, numbers.push_back(i + 1));
	KUNIT_EXPECT_TRUE(test, numbers.push_back(numbers.front()));
	KUNIT_EXPECT_EQ(test, numbers.back(), 1);

	cxxrt::vector<std::unique_ptr<int>> owners;
	for (int i = 0; i < 4; ++i)
		KUNIT_EXPECT_TRUE(test, owners.push_back(std::make_unique<int>(i + 1)));
	KUNIT_EXPECT_EQ(test, owners.capacity(), 4);
	KUNIT_EXPECT_TRUE(test, owners.push_back(std::move(owners.front())));
	KUNIT_EXPECT_TRUE(test, !owners.front() && owners.back() && *owners.back() == 1);
}

void vector_leaves_what_it_has_no_room_for(kunit *test)
{
	cxxrt::vector<std::unique_ptr<int>> numbers;
	auto number = std::make_unique<int>(1);
	if (!kunit_bridge_can_fail_memory()) {
		kunit_bridge_skip(test, "this kernel cannot make an allocation fail");
		return;
	}
	(void)kunit_bridge_fail_nth(false, 1);
	const auto pushed = numbers.push_back(std::move(number));
	KUNIT_EXPECT_EQ(test, kunit_bridge_fail_nth(false, 0), 0);
	KUNIT_EXPECT_TRUE(test, !pushed && pushed.error() == cxxrt::errno_t::ENOMEM);
	KUNIT_EXPECT_TRUE(test, numbers.empty() && number && *number == 1);
}

void refcounted_is_deleted_with_the_last_reference(kunit *test)
{
	auto first = cxxrt::make_refcounted<counted>();
	KUNIT_EXPECT_EQ(test, counted::alive, 1);
	auto second = first;
	KUNIT_EXPECT_EQ(test, first->use_count(), 2);
	first.reset();
	KUNIT_EXPECT_EQ(test, counted::alive, 1);
	second = nullptr;
	KUNIT_EXPECT_EQ(test, counted::alive, 0);
}

void try_returns_the_error(kunit *test)
{
	KUNIT_EXPECT_EQ(test, *twice_half(8), 8);
	KUNIT_EXPECT_TRUE(test, twice_half(7).error() == cxxrt::errno_t::EINVAL);
}

void examples_of_the_kernel_words(kunit *test)
{
	KUNIT_EXPECT_EQ(test, *first_byte("abc"), 'a');
	KUNIT_EXPECT_EQ(test, *half(4), 2);
	const std::unique_ptr<int> number{number_from_an_interrupt(7)};
	KUNIT_EXPECT_TRUE(test, number && *number == 7);
	loaded(3);
	const auto session = open_session(5);
	KUNIT_EXPECT_TRUE(test, session && session->id == 5);
	KUNIT_EXPECT_EQ(test, *sum_of_squares(10), 285);
}

void atomic_wait_ends_when_the_value_is_another(kunit *test)
{
	std::atomic<int> number{1};
	number.notify_all();
	number.wait(2);
	KUNIT_EXPECT_EQ(test, number.load(), 1);
}

void function_keeps_a_large_callable(kunit *test)
{
	struct {
		int numbers[16];
	} large{{1, 2, 3}};
	std::move_only_function<int(int) const> f = [large](int i) { return large.numbers[i]; };
	auto g = std::move(f);
	KUNIT_EXPECT_TRUE(test, !f && g);
	KUNIT_EXPECT_EQ(test, g(2), 3);
	const std::function_ref<int(int)> ref = g;
	KUNIT_EXPECT_EQ(test, ref(1), 2);
}

void print_and_warn_on_of_nothing_are_quiet(kunit *test)
{
	for (int i = 0; i < 3; ++i)
		pr_info_once("printed once\n");
	KUNIT_EXPECT_FALSE(test, warn_on(!test));
	might_sleep();
}
