// SPDX-License-Identifier: GPL-2.0
/*
 * The suites of locks and waits for kernels that have no KUnit: they run when the module is loaded,
 * each with a line in the log.
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "kunit_bridge.h"
#include "suites.h"

static unsigned int failures;

void kunit_bridge_expect(struct kunit *test, bool met, const char *file, int line, const char *what)
{
	if (met)
		return;
	pr_err("%s:%d: expected %s\n", file, line, what);
	failures++;
}

void kunit_bridge_expect_eq(struct kunit *test, long long left, long long right, const char *file,
			    int line, const char *what)
{
	if (left == right)
		return;
	pr_err("%s:%d: expected %s, got %lld and %lld\n", file, line, what, left, right);
	failures++;
}

void kunit_bridge_sleep_ms(unsigned int ms)
{
	msleep(ms);
}

void kunit_bridge_kill_current(void)
{
	allow_kernel_signal(SIGKILL);
	send_sig(SIGKILL, current, 1);
}

void kunit_bridge_revive_current(void)
{
	flush_signals(current);
	disallow_signal(SIGKILL);
}

char kunit_bridge_state(int nr)
{
	struct pid *pid = find_get_pid(nr);
	struct task_struct *task = get_pid_task(pid, PIDTYPE_PID);
	char state = 0;

	put_pid(pid);
	if (task) {
		state = task_state_to_char(task);
		put_task_struct(task);
	}
	return state;
}

struct plain_test {
	const char *name;
	void (*run)(struct kunit *test);
};

#define TEST(name) {#name, name},
#define SUITE(name, tests) tests(TEST)
static const struct plain_test all[] = {LOCK_SUITES(SUITE)};

static int __init plain_init(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(all); i++) {
		unsigned int before = failures;

		all[i].run(NULL);
		pr_info("locks: %s %s\n", failures == before ? "ok" : "not ok", all[i].name);
	}
	pr_info("locks: %u failures\n", failures);
	return failures ? -EINVAL : 0;
}
module_init(plain_init);

static void __exit plain_exit(void) {}
module_exit(plain_exit);

MODULE_DESCRIPTION("Tests of kthreadxx's locks and waits, without KUnit");
MODULE_LICENSE("GPL");
