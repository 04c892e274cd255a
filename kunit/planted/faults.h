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

#ifdef __cplusplus
}
#endif

#endif
