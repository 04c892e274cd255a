/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A module that detaches its threads. detached.c has its parameter, detached_threads.cc has the
 * threads. It has nothing else, as it is loaded a thousand times.
 */
#ifndef KTHREADXX_DETACHED_H
#define KTHREADXX_DETACHED_H

#ifdef __cplusplus
extern "C" {
#endif

/* Set by the user: the second thread may end. */
extern bool detached_leave;

/* Two threads without a handle: one ends at once, the other when it may. 0 or a negative errno. */
int detached_start(void);

#ifdef __cplusplus
}
#endif

#endif
