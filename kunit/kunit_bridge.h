/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests need of KUnit and of the kernel, beyond what they test.
 */
#ifndef KTHREADXX_KUNIT_BRIDGE_H
#define KTHREADXX_KUNIT_BRIDGE_H

struct kunit;

#ifdef __cplusplus
extern "C" {
#endif

void kunit_bridge_expect(struct kunit *test, bool met, const char *file, int line,
			 const char *what);
void kunit_bridge_expect_eq(struct kunit *test, long long left, long long right, const char *file,
			    int line, const char *what);

void kunit_bridge_sleep_ms(unsigned int ms);

/* Makes the calling kernel thread one that a SIGKILL has reached, and undoes it. */
void kunit_bridge_kill_current(void);
void kunit_bridge_revive_current(void);

/* Of the thread with this pid: its state as in ps, 0 if there is none; whether comm is its name. */
char kunit_bridge_state(int pid);
bool kunit_bridge_has_comm(int pid, const char *comm);

#ifdef __cplusplus
}
#endif

#endif
