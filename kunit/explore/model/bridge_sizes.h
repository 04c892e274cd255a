/* SPDX-License-Identifier: GPL-2.0 */
/*
 * In place of the header that kbuild makes: the model keeps its locks and timers in tables of its
 * own, by their addresses, so that small sizes do. lockdep and might_sleep() are on.
 */
#ifndef KTHREADXX_EXPLORE_BRIDGE_SIZES_H
#define KTHREADXX_EXPLORE_BRIDGE_SIZES_H

#define BRIDGE_LOCKDEP 1
#define BRIDGE_DEBUG_ATOMIC_SLEEP 1
#define BRIDGE_COMPLETION_SIZE 8
#define BRIDGE_COMPLETION_ALIGN 8
#define BRIDGE_HRTIMER_SIZE 8
#define BRIDGE_HRTIMER_ALIGN 8
#define BRIDGE_LOCKDEP_MAP_SIZE 8
#define BRIDGE_LOCKDEP_MAP_ALIGN 8
#define BRIDGE_MUTEX_SIZE 8
#define BRIDGE_MUTEX_ALIGN 8
#define BRIDGE_RAW_SPINLOCK_SIZE 4
#define BRIDGE_RAW_SPINLOCK_ALIGN 4
#define BRIDGE_SWAIT_SIZE 8
#define BRIDGE_SWAIT_ALIGN 8

#endif
