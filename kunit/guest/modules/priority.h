/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A worker of this library, for a comparison with kthread_worker.
 */
#ifndef KTHREADXX_PRIORITY_H
#define KTHREADXX_PRIORITY_H

#ifdef __cplusplus
extern "C" {
#endif

/*
 * priority_side - a worker on CPU 0, of FIFO priority 50, with items
 * @begin: makes it; the measured item calls this function. 0 or a negative errno
 * @queue: queues the measured item, in a hard interrupt
 * @produce: queues another item
 * @cancel: queues that item, and one for later, and cancels both
 * @end: destroys it
 */
struct priority_side {
	const char *name;
	int (*begin)(void (*measured)(void));
	void (*queue)(void);
	void (*produce)(void);
	void (*cancel)(void);
	void (*end)(void);
};

extern const struct priority_side priority_cxx;

#ifdef __cplusplus
}
#endif

#endif
