/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Threads for system.sh to look at: kthreadxx_sleepers.ko, as its C half sees them.
 */
#ifndef KTHREADXX_SLEEPERS_H
#define KTHREADXX_SLEEPERS_H

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The beats, of 10 ms, of a thread that the freezer may freeze, of one that it may freeze too and
 * that does nothing but yield for it, and of one that it leaves alone.
 */
extern unsigned long freezable_beats;
extern unsigned long yielding_beats;
extern unsigned long other_beats;

/*
 * A thread that finishes what it has in flight before it freezes: how often it has begun and
 * finished that, and how often it was frozen.
 */
extern unsigned long flights_begun;
extern unsigned long flights_finished;
extern unsigned long flights_frozen;

/* sleepers_start - all of them, and so many that only sleep. 0 or a negative errno. */
int sleepers_start(unsigned int idle);
void sleepers_stop(void);

/* sleepers_doze - 10 ms in a sleep in which nothing freezes */
void sleepers_doze(void);

#ifdef __cplusplus
}
#endif

#endif
