/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Threads that always have something to do.
 */
#ifndef KTHREADXX_BUSY_H
#define KTHREADXX_BUSY_H

#ifdef __cplusplus
extern "C" {
#endif

/* 0, -EINVAL if there is no such body, or another errno. */
int busy_start(const char *body);
void busy_request_stop(void);
/* Queues an item that ends five seconds after the freezer has begun, and waits for it. */
void busy_flush(void);
/* With a lock that a device takes when it suspends. */
void busy_flush_with_lock(void);
void busy_stop(void);

/* How often any body has come round. */
extern unsigned long busy_rounds;

/* As long as the freezer is at work. */
bool busy_is_freezing(void);
/*
 * How long the thread went on after a stop, and whether the freezer was at work when it, or an
 * item, ended.
 */
extern unsigned long drain_ms;
extern bool ended_while_freezing;

#ifdef __cplusplus
}
#endif

#endif
