/* SPDX-License-Identifier: GPL-2.0 */
/*
 * C code around the threads of the tests: helpers that they call, and queues that they share.
 */
#ifndef KTHREADXX_NATIVE_BRIDGE_H
#define KTHREADXX_NATIVE_BRIDGE_H

#include "bridge/opaque.h"

struct task_struct;
struct wait_queue_head;

/* What C code allocates and knows, with a thread and a work item in it that it does not know. */
struct native_device {
	int sent;
	int beats;

	KTHREADXX_OPAQUE(thread, 768);
	KTHREADXX_OPAQUE(worker, 16);
	KTHREADXX_OPAQUE(item, 256);
};

#ifdef __cplusplus
extern "C" {
#endif

/* Sleeps a little, again and again, until kthread_should_stop(); returns how often. */
int native_helper(void);
/* Whether kthread_should_stop() of this module says so in a kthread of C; then stops it. */
int native_helper_in_c(void);

/* A queue of C code, and wake_up_interruptible() on it. */
struct wait_queue_head *native_queue(void);
void native_wake_interruptible(void);

/* wait_event_interruptible() in the calling thread, until @flag is true. 0 or a negative errno. */
int native_wait_interruptible(struct wait_queue_head *queue, const bool *flag);

/* How many CPUs the thread may run on, and what its memory allocations may not do. */
unsigned int native_cpus_allowed(struct task_struct *task);
/* Whether users can change that, by taskset. */
bool native_users_may_move(struct task_struct *task);
bool native_has_noio(void);

/* What C++ does for the device. 0 or a negative errno. */
int native_device_start(struct native_device *device);
bool native_device_send(struct native_device *device);
void native_device_stop(struct native_device *device);

/* Allocates a device, sends by it, and frees it: how often it has sent, or a negative errno. */
int native_device_sends(int times);

#ifdef __cplusplus
}
#endif

#endif
