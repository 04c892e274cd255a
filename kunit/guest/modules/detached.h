/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A module that detaches its thread. detached.c has its parameters, detached_threads.cc has the
 * threads. It has nothing else, as it is loaded a thousand times.
 */
#ifndef KTHREADXX_DETACHED_H
#define KTHREADXX_DETACHED_H

#ifdef __cplusplus
extern "C" {
#endif

/* Set by the user: the thread may end. */
extern bool detached_leave;

/*
 * A thread without a handle: until the user lets it go, or at its end already. 0 or a negative
 * errno.
 */
int detached_until_told(void);
int detached_at_its_end(void);

#ifdef __cplusplus
}
#endif

#endif
