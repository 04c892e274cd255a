/* SPDX-License-Identifier: GPL-2.0 */
/*
 * In place of the header that kbuild makes, for tools that compile bridge.h for the host, without a
 * kernel: sizes that no kernel's exceed. Found by -Ikunit/host.
 */
#ifndef KTHREADXX_HOST_BRIDGE_SIZES_H
#define KTHREADXX_HOST_BRIDGE_SIZES_H

#define BRIDGE_LOCKDEP 1
#define BRIDGE_DEBUG_ATOMIC_SLEEP 1
#define BRIDGE_COMPLETION_SIZE 256
#define BRIDGE_COMPLETION_ALIGN 8
#define BRIDGE_HRTIMER_SIZE 256
#define BRIDGE_HRTIMER_ALIGN 8
#define BRIDGE_LOCKDEP_MAP_SIZE 64
#define BRIDGE_LOCKDEP_MAP_ALIGN 8
#define BRIDGE_MUTEX_SIZE 256
#define BRIDGE_MUTEX_ALIGN 8
#define BRIDGE_RAW_SPINLOCK_SIZE 256
#define BRIDGE_RAW_SPINLOCK_ALIGN 8
#define BRIDGE_SPINLOCK_SIZE 256
#define BRIDGE_SPINLOCK_ALIGN 8
#define BRIDGE_SWAIT_SIZE 256
#define BRIDGE_SWAIT_ALIGN 8

#endif
