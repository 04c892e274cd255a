// SPDX-License-Identifier: GPL-2.0
//
// KUnit for test bodies in C++. Only EXPECT: an ASSERT that fails ends its thread without running
// destructors.
#pragma once

#include "kunit_bridge.h"
#include "suites.h"

#define KUNIT_EXPECT_TRUE(test, condition)                                                         \
	kunit_bridge_expect(test, static_cast<bool>(condition), __FILE__, __LINE__, #condition)
#define KUNIT_EXPECT_FALSE(test, condition)                                                        \
	kunit_bridge_expect(test, !(condition), __FILE__, __LINE__, "!(" #condition ")")
#define KUNIT_EXPECT_EQ(test, left, right)                                                         \
	kunit_bridge_expect_eq(test, static_cast<long long>(left), static_cast<long long>(right),  \
			       __FILE__, __LINE__, #left " == " #right)
