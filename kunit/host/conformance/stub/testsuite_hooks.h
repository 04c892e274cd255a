/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What libstdc++'s tests include to judge by: a condition that does not hold is told, and the test
 * has failed.
 */
#ifndef CONFORMANCE_TESTSUITE_HOOKS_H
#define CONFORMANCE_TESTSUITE_HOOKS_H

extern "C" void conformance_failed(const char *file, int line, const char *what);

#define VERIFY(condition)                                                                          \
	do {                                                                                       \
		if (!(condition))                                                                  \
			conformance_failed(__FILE__, __LINE__, #condition);                        \
	} while (0)

/* What the suite's utilities say of a function that threw in C++98. */
#define THROW(what) noexcept(false)

#endif
