/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For the C files of a module whose threads are jthreads: kthread_should_stop() is also true after
 * request_stop(), in the body of a jthread and what it calls. The kernel's own is true only when
 * stop(), join() or a destructor waits for the thread. Include it after <linux/kthread.h>.
 */
#ifndef KTHREADXX_SHOULD_STOP_H
#define KTHREADXX_SHOULD_STOP_H

bool kthreadxx_should_stop(void);

#define kthread_should_stop() kthreadxx_should_stop()

#endif
