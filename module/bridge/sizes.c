// SPDX-License-Identifier: GPL-2.0
/*
 * The sizes and alignments of the kernel's types, in the kernel that is built for. Compiled to
 * assembly only, from which the build makes bridge_sizes.h.
 */
#include <linux/completion.h>
#include <linux/hrtimer.h>
#include <linux/kbuild.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/swait.h>

#define SIZES(name, type)                                                                          \
	do {                                                                                       \
		DEFINE(BRIDGE_##name##_SIZE, sizeof(type));                                        \
		DEFINE(BRIDGE_##name##_ALIGN, __alignof__(type));                                  \
	} while (0)

static void __used sizes(void)
{
	DEFINE(BRIDGE_LOCKDEP, IS_ENABLED(CONFIG_LOCKDEP));
	DEFINE(BRIDGE_DEBUG_ATOMIC_SLEEP, IS_ENABLED(CONFIG_DEBUG_ATOMIC_SLEEP));
	SIZES(COMPLETION, struct completion);
	SIZES(HRTIMER, struct hrtimer);
	SIZES(LOCKDEP_MAP, struct lockdep_map);
	SIZES(MUTEX, struct mutex);
	SIZES(RAW_SPINLOCK, raw_spinlock_t);
	SIZES(SPINLOCK, spinlock_t);
	SIZES(SWAIT, struct swait_queue);
}
