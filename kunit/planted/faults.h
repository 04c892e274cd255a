/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The faults that are committed in C++, where the checkers have to see them as well.
 */
#ifndef KTHREADXX_FAULTS_H
#define KTHREADXX_FAULTS_H

#ifdef __cplusplus
extern "C" {
#endif

void fault_null(void);
void fault_use_after_free(void);
void fault_leak(void);
void fault_race(void);
void fault_shift(void);
void fault_free_of_a_timer(void);
void fault_call_by_another_type(void);
void fault_body_of_another_type(void);
void fault_precondition(void);
void fault_pure_virtual(void);

void fault_stop_with_its_mutex(void);
void fault_join_with_its_mutex(void);
void fault_park_with_its_mutex(void);
void fault_flush_with_its_mutex(void);
void fault_cancel_with_its_mutex(void);
void fault_flush_the_worker_with_its_mutex(void);
void fault_may_sleep_in_atomic(void);
void fault_hung(void);
void fault_none(void);

void fault_inversion_of_members(void);
void fault_double_lock(void);
void fault_mutex_under_a_spinlock(void);
void fault_wait_under_a_spinlock(void);
void fault_spinlock_of_threads_in_an_interrupt(void);
void fault_linked_element_destroyed(void);

/* Calls f in a hard interrupt. */
void planted_interrupt(void (*f)(void));

/* Locks that lockdep knows not to be the library's; a line in the log; a second and more. */
void planted_lock(void);
void planted_unlock(void);
void planted_spin_lock(void);
void planted_spin_unlock(void);
void planted_say(const char *text);
void planted_doze(void);

#ifdef __cplusplus
}
#endif

#endif
