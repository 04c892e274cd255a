// SPDX-License-Identifier: GPL-2.0
#include <kunit/test.h>

#include "kunit_bridge.h"
#include "suites.h"

void kunit_bridge_expect(struct kunit *test, bool met, const char *file, int line, const char *what)
{
	if (!met)
		KUNIT_FAIL(test, "%s:%d: expected %s\n", file, line, what);
}

void kunit_bridge_expect_eq(struct kunit *test, long long left, long long right, const char *file,
			    int line, const char *what)
{
	if (left != right)
		KUNIT_FAIL(test, "%s:%d: expected %s, got %lld and %lld\n", file, line, what, left,
			   right);
}

void kunit_bridge_skip(struct kunit *test, const char *why)
{
	kunit_mark_skipped(test, "%s", why);
}

/* clang-format off */
#define TEST_CASE(name) KUNIT_CASE(name),
#define DEFINE_SUITE(id, tests)                                          \
	static struct kunit_case id##_cases[] = { tests(TEST_CASE) {} }; \
	static struct kunit_suite __maybe_unused id##_suite = {            \
		.name = #id, .test_cases = id##_cases };
#define SUITE_POINTER(id, tests) &id##_suite,
#ifndef CHOSEN_SUITES
#define CHOSEN_SUITES ALL_SUITES(SUITE_POINTER)
#endif
/* clang-format on */

ALL_SUITES(DEFINE_SUITE)
kunit_test_suites(CHOSEN_SUITES);

MODULE_DESCRIPTION("KUnit suites of kthreadxx");
MODULE_LICENSE("GPL");
