/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The module's program, as its C half sees it.
 */
#ifndef KTHREADXX_HEARTBEAT_H
#define KTHREADXX_HEARTBEAT_H

#ifdef __cplusplus
extern "C" {
#endif

/*
 * heartbeat_start - create and wake the thread that beats
 * @period_us: microseconds between two beats, not 0
 *
 * May sleep. 0, or -ENOMEM or -EINTR as kthread_create() has it; then nothing is left.
 */
int heartbeat_start(unsigned int period_us);

/* heartbeat_stop - stop it and free all. May sleep. */
void heartbeat_stop(void);

#ifdef __cplusplus
}
#endif

#endif
