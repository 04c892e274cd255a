/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A thread that receives datagrams on the loopback device and is stopped while it blocks in that.
 * receiver.c has the socket, receiver_threads.cc has the thread.
 */
#ifndef KTHREADXX_RECEIVER_H
#define KTHREADXX_RECEIVER_H

#ifdef __cplusplus
extern "C" {
#endif

/* Blocks until a datagram comes: its length, 0 when the socket is shut down, a negative errno. */
int receiver_receive(void);

/* Ends each receiver_receive(), also those that have not begun. May sleep. */
void receiver_shut_down(void);

/* Written by the thread, read by the user. */
extern unsigned int receiver_datagrams;

/* 0 or a negative errno; how the thread ended: 0 if the stop has ended it. */
int receiver_start(void);
int receiver_stop(void);

#ifdef __cplusplus
}
#endif

#endif
