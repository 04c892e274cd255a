// SPDX-License-Identifier: GPL-2.0
#include <kunit/test.h>
#include <linux/delay.h>

#include "body.h"

static void beats_until_it_is_stopped(struct kunit *test)
{
	unsigned long beats;

	KUNIT_ASSERT_EQ(test, my_module_start(1000), 0);
	while (my_module_beats() < 3)
		msleep(20);
	my_module_stop();
	beats = my_module_beats();
	msleep(20);
	KUNIT_EXPECT_EQ(test, my_module_beats(), beats);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(beats_until_it_is_stopped),
	{},
};

static struct kunit_suite suite = {
	.name = "my_module",
	.test_cases = cases,
};

kunit_test_suite(suite);

MODULE_DESCRIPTION("The test of my_module");
MODULE_LICENSE("GPL");
