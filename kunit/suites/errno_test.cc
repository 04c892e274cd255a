// SPDX-License-Identifier: GPL-2.0
#include "kthread/errno.hpp"

#include "fixture.hpp"

static_assert(sizeof(result<void>) == sizeof(int) && std::is_trivially_copyable_v<result<void>>);

void errno_of_a_success_is_0(kunit *test)
{
	KUNIT_EXPECT_EQ(test, kthread::to_errno(result<void>()), 0);
	KUNIT_EXPECT_EQ(test, kthread::to_errno(result<int>(7)), 0);
}

void errno_of_a_failure_is_negative(kunit *test)
{
	KUNIT_EXPECT_EQ(test, kthread::to_errno(result<int>(std::unexpected(errno_t::EINTR))), -4);
	KUNIT_EXPECT_EQ(test, kthread::to_errno(result<void>(std::unexpected(errno_t::ENOMEM))),
			-12);
}

void errno_without_a_name_passes_through(kunit *test)
{
	const result<int> restart = std::unexpected(static_cast<errno_t>(-512));

	KUNIT_EXPECT_EQ(test, kthread::to_errno(restart), -512);
}
