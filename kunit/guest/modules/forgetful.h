/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A module that forgets its threads. forgetful.c has its parameters, forgetful_threads.cc has the
 * threads.
 */
#ifndef KTHREADXX_FORGETFUL_H
#define KTHREADXX_FORGETFUL_H

#ifdef __cplusplus
extern "C" {
#endif

/* Set by the user: a thread that destroyed its own handle may end. */
extern bool forgetful_leave;

/* Each makes what the module forgets then: 0 or a negative errno. */
int forgetful_static_jthread(void);
int forgetful_jthread(void);
/* Two, of which the first waits for the other. */
int forgetful_joined(void);
/* The same of a thread that another has made, which ends before the module goes, or after. */
int forgetful_joined_of_one_that_has_ended(void);
int forgetful_joined_of_one_that_ends(void);
int forgetful_interruptible(void);
int forgetful_unstarted(void);
int forgetful_parked(void);
int forgetful_ended(void);
int forgetful_worker(void);
int forgetful_group(void);
int forgetful_percpu(void);
int forgetful_object(void);

/* One with a task, and a thread that waits for the end of that. */
int forgetful_executor(void);
int forgetful_interrupt_executor(void);

/*
 * The kernel calls each of these: a timer; one that deletes another, which runs; an item whose time
 * comes after its worker has gone; items of a pool of the kernel's that come again and again, one
 * that runs until it is stopped, and one that a thread waits for besides; one that waits for a
 * timer, which is forgotten too, and one that deletes another; one of a workqueue that is
 * forgotten, too.
 */
int forgetful_timer(void);
int forgetful_deleting_timer(void);
int forgetful_delayed_item(void);
int forgetful_pool_item(void);
int forgetful_stopped_pool_item(void);
int forgetful_flushed_pool_item(void);
int forgetful_delayed_pool_item(void);
int forgetful_waiting_item(void);
int forgetful_deleting_item(void);
int forgetful_workqueue(void);

/* A thread that destroys its own handle: at once, or when the module's exit has begun. */
int forgetful_own_handle(void);
int forgetful_own_handle_at_exit(void);

/* A thread that destroys its own handle at once, and ends some time after that. */
int forgetful_own_handle_for_a_while(void);

/* The same, and then it makes a thread that it forgets. */
int forgetful_own_handle_and_another(void);

/* A thread that destroys its own handle when it has to stop. */
int forgetful_own_handle_once_stopped(void);

/* A thread that destroys what else the module forgets, when the module's exit has begun. */
int forgetful_others_handle_at_exit(void);
int forgetful_others_percpu_at_exit(void);
int forgetful_others_object_at_exit(void);

/* An item of a pool of the kernel's that destroys itself then. */
int forgetful_own_item_at_exit(void);

/* The module's exit has begun. */
void forgetful_exit_begins(void);
void forgetful_timers_at_exit(void);

#ifdef __cplusplus
}
#endif

#endif
