// SPDX-License-Identifier: GPL-2.0
/*
 * The suites in a kernel that has no KUnit: each test runs when the module is loaded, in a kernel
 * thread as with KUnit, and writes a line to the log.
 */
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/module.h>

#include "kunit_bridge.h"
#include "suites.h"

/* Each test gets a pointer to its own entry. */
struct kunit {
	const char *name;
	void (*run)(struct kunit *test);
	struct completion ended;
	const char *skipped;
	unsigned int failures;
};

void kunit_bridge_expect(struct kunit *test, bool met, const char *file, int line, const char *what)
{
	if (met)
		return;
	pr_err("%s:%d: expected %s\n", file, line, what);
	test->failures++;
}

void kunit_bridge_expect_eq(struct kunit *test, long long left, long long right, const char *file,
			    int line, const char *what)
{
	if (left == right)
		return;
	pr_err("%s:%d: expected %s, got %lld and %lld\n", file, line, what, left, right);
	test->failures++;
}

void kunit_bridge_skip(struct kunit *test, const char *why)
{
	test->skipped = why;
}

/* clang-format off */
#define TEST(name) {#name, name},
#define SUITE(id, tests) static struct kunit __maybe_unused id##_suite[] = {tests(TEST) {}};
#define SUITE_POINTER(id, tests) &id##_suite,
#ifndef CHOSEN_SUITES
#define CHOSEN_SUITES ALL_SUITES(SUITE_POINTER)
#endif
/* clang-format on */

ALL_SUITES(SUITE)

static int run_test(void *data)
{
	struct kunit *test = data;

	test->run(test);
	kthread_complete_and_exit(&test->ended, 0);
}

static int __init suites_init(void)
{
	static struct kunit(*const suites[])[] = {CHOSEN_SUITES};
	unsigned int failures = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(suites); i++) {
		struct kunit *test;

		for (test = *suites[i]; test->run; test++) {
			struct task_struct *task;

			init_completion(&test->ended);
			task = kthread_run(run_test, test, "suites");
			if (IS_ERR(task))
				return PTR_ERR(task);
			wait_for_completion(&test->ended);
			if (test->skipped)
				pr_info("suites: ok %s # SKIP %s\n", test->name, test->skipped);
			else
				pr_info("suites: %s %s\n", test->failures ? "not ok" : "ok",
					test->name);
			failures += test->failures;
		}
	}
	pr_info("suites: %u failures\n", failures);
	return 0;
}
module_init(suites_init);

static void __exit suites_exit(void) {}
module_exit(suites_exit);

MODULE_DESCRIPTION("Tests of kthreadxx, without KUnit");
MODULE_LICENSE("GPL");
