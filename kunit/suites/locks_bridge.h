/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests of locks and waits need of the kernel.
 */
#ifndef KTHREADXX_LOCKS_BRIDGE_H
#define KTHREADXX_LOCKS_BRIDGE_H

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Whether a lock that was never used has what C's own initialiser puts there. Where lockdep has a
 * name this has to be the same for all of them, and where it has a key there has to be one.
 */
bool locks_bridge_is_initial_mutex(const void *object, const char *name);
bool locks_bridge_is_initial_rwsem(const void *object, const char *name);
bool locks_bridge_is_initial_spinlock(const void *object, const char *name);
bool locks_bridge_is_initial_raw_spinlock(const void *object, const char *name);
bool locks_bridge_is_initial_completion(const void *object, const char *name);
bool locks_bridge_is_initial_wait_list(const void *object, const char *name);

bool locks_bridge_is_locked_mutex(const void *object);
bool locks_bridge_is_preempt_rt(void);
bool locks_bridge_irqs_are_off(void);
bool locks_bridge_softirqs_are_off(void);
bool locks_bridge_in_rcu_read(void);

/* Calls f in hard interrupts, each 200 us, until the second. Sleep. */
void locks_bridge_start_interrupts(void (*f)(void));
void locks_bridge_stop_interrupts(void);

#ifdef __cplusplus
}
#endif

#endif
