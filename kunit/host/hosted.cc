// SPDX-License-Identifier: GPL-2.0
/*
 * Runs the tests of what the standard describes with the host's own library, which proves that they
 * test the standard and not merely cxxrt. In kunit/suites/:
 *
 *	g++ -std=c++23 -Wall -Wextra -I. -o /tmp/hosted ../host/hosted.cc \
 *		cxxrt_[!n]*_test.cc && /tmp/hosted
 */
#include <cstdio>

#include "kunit.hpp"

struct kunit {
	bool failed;
};

void kunit_bridge_expect(kunit *test, bool met, const char *file, int line, const char *what)
{
	if (met)
		return;
	test->failed = true;
	std::printf("%s:%d: expected %s\n", file, line, what);
}

void kunit_bridge_expect_eq(kunit *test, long long left, long long right, const char *file,
			    int line, const char *what)
{
	kunit_bridge_expect(test, left == right, file, line, what);
	if (left != right)
		std::printf("\tgot %lld and %lld\n", left, right);
}

int main()
{
	int failed = 0;

	const auto run = [&](const char *name, void (*body)(kunit *)) {
		kunit test{};
		body(&test);
		std::printf("%s hosted: %s\n", test.failed ? "not ok" : "ok", name);
		failed += test.failed;
	};
#define RUN_TEST(name) run(#name, name);
#define RUN_SUITE(id, tests) tests(RUN_TEST)
	STANDARD_SUITES(RUN_SUITE)
	return failed != 0;
}
