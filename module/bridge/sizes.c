// SPDX-License-Identifier: GPL-2.0
/*
 * The sizes, alignments and initial words of the kernel's types, in the kernel that is built for.
 * Compiled to assembly only, from which the build makes bridge_sizes.h.
 */
#include <linux/completion.h>
#include <linux/hrtimer.h>
#include <linux/kbuild.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/swait.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#define SIZES(name, type)                                                                          \
	do {                                                                                       \
		DEFINE(BRIDGE_##name##_SIZE, sizeof(type));                                        \
		DEFINE(BRIDGE_##name##_ALIGN, __alignof__(type));                                  \
	} while (0)

/*
 * What the kernel's own initialiser puts into each word of an object: 0, a number; 1, the address
 * of the word of that number in the object; 2, the address of a name. The compiler knows the words
 * of a constant object, by whatever fields and debugging the kernel has in it.
 */
#define IMAGE(type, name, initializer) static const type name = initializer((*(type *)&name))

IMAGE(struct mutex, a_mutex, __MUTEX_INITIALIZER);
IMAGE(struct rw_semaphore, a_rwsem, __RWSEM_INITIALIZER);
IMAGE(spinlock_t, a_spinlock, __SPIN_LOCK_UNLOCKED);
IMAGE(raw_spinlock_t, a_raw_spinlock, __RAW_SPIN_LOCK_UNLOCKED);
IMAGE(struct completion, a_completion, COMPLETION_INITIALIZER);
IMAGE(struct swait_queue_head, a_swait_head, __SWAIT_QUEUE_HEAD_INITIALIZER);
IMAGE(struct wait_queue_head, a_wait_head, __WAIT_QUEUE_HEAD_INITIALIZER);

/* A last word of 4 bytes is read as such. */
#define HAS(object, n) (sizeof(object) > (n) * sizeof(long))
#define IS_HALF(object, n) (sizeof(object) == (n) * sizeof(long) + sizeof(int))
#define NUMBER(object, n)                                                                          \
	(IS_HALF(object, n) ? ((const unsigned int *)&(object))[HAS(object, n) ? 2 * (n) : 0]      \
			    : ((const unsigned long *)&(object))[HAS(object, n) ? (n) : 0])
#define IS_NUMBER(object, n) (!HAS(object, n) || __builtin_constant_p(NUMBER(object, n)))
#define IS_WORD(object, n, k)                                                                      \
	(__builtin_constant_p(POINTER(object, n) == WORD(object, k)) &&                            \
	 POINTER(object, n) == WORD(object, k))
#define POINTER(object, n) (((void *const *)&(object))[HAS(object, n) ? (n) : 0])
#define WORD(object, k) ((void *)((const unsigned long *)&(object) + (k)))

/* Lists are empty, and debugging names the object. */
#define BEFORE(n) ((n) ? -1 + (n) : 0)
#define OWN_WORD(object, n, none)                                                                  \
	(IS_WORD(object, n, n)           ? (n)                                                     \
	 : IS_WORD(object, n, BEFORE(n)) ? BEFORE(n)                                               \
	 : IS_WORD(object, n, 0)         ? 0                                                       \
					 : (none))
#define KIND(object, n) (IS_NUMBER(object, n) ? 0 : OWN_WORD(object, n, -1) >= 0 ? 1 : 2)
#define VALUE(object, n)                                                                           \
	(IS_NUMBER(object, n) ? HAS(object, n) ? NUMBER(object, n) : 0 : OWN_WORD(object, n, 0))
/* An operand of assembly has no more than 32 bits on each machine. */
#define LOW(object, n) ((int)VALUE(object, n))
#define HIGH(object, n) ((int)(VALUE(object, n) >> 31 >> 1))

#define EIGHT(OF, object, n)                                                                       \
	"i"(OF(object, (n))), "i"(OF(object, (n) + 1)), "i"(OF(object, (n) + 2)),                  \
		"i"(OF(object, (n) + 3)), "i"(OF(object, (n) + 4)), "i"(OF(object, (n) + 5)),      \
		"i"(OF(object, (n) + 6)), "i"(OF(object, (n) + 7))

/* Only with what debugging adds an object has more than eight words. They take time to compile. */
#if defined(CONFIG_DEBUG_SPINLOCK) || defined(CONFIG_DEBUG_LOCK_ALLOC)
#define WORDS_MAX 24
#define WORDS                                                                                      \
	"%c0,%c1,%c2,%c3,%c4,%c5,%c6,%c7,%c8,%c9,%c10,%c11,%c12,%c13,%c14,%c15,%c16,%c17,%c18,"    \
	"%c19,%c20,%c21,%c22,%c23"
#define EACH(OF, object) EIGHT(OF, object, 0), EIGHT(OF, object, 8), EIGHT(OF, object, 16)
#else
#define WORDS_MAX 8
#define WORDS "%c0,%c1,%c2,%c3,%c4,%c5,%c6,%c7"
#define EACH(OF, object) EIGHT(OF, object, 0)
#endif

/* As DEFINE(), for a list of numbers. */
#define LIST(name, OF, object)                                                                     \
	asm volatile("\n.ascii \"->" #name " " WORDS " " #object "\"" : : EACH(OF, object))

#define OBJECT(name, object)                                                                       \
	do {                                                                                       \
		SIZES(name, typeof(object));                                                       \
		BUILD_BUG_ON(sizeof(object) > WORDS_MAX * sizeof(long));                           \
		LIST(BRIDGE_##name##_KINDS, KIND, object);                                         \
		LIST(BRIDGE_##name##_LOW, LOW, object);                                            \
		LIST(BRIDGE_##name##_HIGH, HIGH, object);                                          \
	} while (0)

static void __used sizes(void)
{
	DEFINE(BRIDGE_LOCKDEP, IS_ENABLED(CONFIG_LOCKDEP));
	DEFINE(BRIDGE_DEBUG_ATOMIC_SLEEP, IS_ENABLED(CONFIG_DEBUG_ATOMIC_SLEEP));
	OBJECT(COMPLETION, a_completion);
	SIZES(HRTIMER, struct hrtimer);
	SIZES(WORK, struct work_struct);
	SIZES(DELAYED_WORK, struct delayed_work);
	DEFINE(BRIDGE_ANY_CPU, WORK_CPU_UNBOUND);
	SIZES(LOCKDEP_MAP, struct lockdep_map);
	OBJECT(MUTEX, a_mutex);
	OBJECT(RAW_SPINLOCK, a_raw_spinlock);
	OBJECT(RWSEM, a_rwsem);
	OBJECT(SPINLOCK, a_spinlock);
	SIZES(SWAIT, struct swait_queue);
	OBJECT(SWAIT_HEAD, a_swait_head);
	SIZES(WAIT_ENTRY, struct wait_queue_entry);
	OBJECT(WAIT_HEAD, a_wait_head);
	DEFINE(BRIDGE_MEMALLOC_NOIO, PF_MEMALLOC_NOIO);
	DEFINE(BRIDGE_MEMALLOC_NOFS, PF_MEMALLOC_NOFS);
	DEFINE(BRIDGE_MEMALLOC_NORECLAIM, PF_MEMALLOC);
	DEFINE(BRIDGE_COMPLETION_QUEUE, offsetof(struct completion, wait));
	DEFINE(BRIDGE_PREEMPT_RT, IS_ENABLED(CONFIG_PREEMPT_RT));
	DEFINE(BRIDGE_KASAN, IS_ENABLED(CONFIG_KASAN));
	DEFINE(BRIDGE_DEBUG_LISTS, IS_ENABLED(CONFIG_DEBUG_LIST));
	DEFINE(BRIDGE_TASK_INTERRUPTIBLE, TASK_INTERRUPTIBLE);
	DEFINE(BRIDGE_TASK_UNINTERRUPTIBLE, TASK_UNINTERRUPTIBLE);
	DEFINE(BRIDGE_TASK_KILLABLE, TASK_KILLABLE);
	DEFINE(BRIDGE_TASK_IDLE, TASK_IDLE);

	/* A lock's key and name, for lockdep: how many words the name comes after the key. */
	DEFINE(BRIDGE_DEBUG_LOCK_ALLOC, IS_ENABLED(CONFIG_DEBUG_LOCK_ALLOC));
#ifdef CONFIG_DEBUG_LOCK_ALLOC
	DEFINE(BRIDGE_KEY_TO_NAME,
	       (offsetof(struct lockdep_map, name) - offsetof(struct lockdep_map, key)) /
		       sizeof(long));
#else
	DEFINE(BRIDGE_KEY_TO_NAME, 0);
#endif
	SIZES(LOCK_CLASS_KEY, struct lock_class_key);

	/* Where the kernel has no function it has a macro of that name, or nothing. */
#ifndef mutex_trylock
	DEFINE(BRIDGE_HAS_mutex_trylock, 1);
#endif
#if defined(CONFIG_SMP) || defined(CONFIG_DEBUG_SPINLOCK)
#ifndef _raw_spin_lock
	DEFINE(BRIDGE_HAS__raw_spin_lock, 1);
#endif
#ifndef _raw_spin_unlock
	DEFINE(BRIDGE_HAS__raw_spin_unlock, 1);
#endif
#ifndef _raw_spin_trylock
	DEFINE(BRIDGE_HAS__raw_spin_trylock, 1);
#endif
#ifndef _raw_spin_lock_irqsave
	DEFINE(BRIDGE_HAS__raw_spin_lock_irqsave, 1);
#endif
#ifndef _raw_spin_unlock_irqrestore
	DEFINE(BRIDGE_HAS__raw_spin_unlock_irqrestore, 1);
#endif
#ifndef _raw_spin_lock_bh
	DEFINE(BRIDGE_HAS__raw_spin_lock_bh, 1);
#endif
#ifndef _raw_spin_unlock_bh
	DEFINE(BRIDGE_HAS__raw_spin_unlock_bh, 1);
#endif
#endif
}
