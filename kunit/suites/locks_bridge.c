// SPDX-License-Identifier: GPL-2.0
#include <linux/completion.h>
#include <linux/hrtimer.h>
#include <linux/irqflags.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/swait.h>
#include <linux/version.h>

#include "locks_bridge.h"

#ifdef CONFIG_DEBUG_LOCK_ALLOC
/* The inner lock's map is always complete, the outer one's the last. */
static bool same_map(struct lockdep_map *c, struct lockdep_map *cxx, const char *name)
{
	bool same = cxx->key && cxx->name && !strcmp(cxx->name, name) && c->name;

	cxx->key = c->key;
	cxx->name = c->name;
	return same;
}

#define MAP(type, member) offsetof(type, member)
#define NO_MAP SIZE_MAX
#else
#define MAP(type, member) 0
#define NO_MAP 0
#endif

/* Copied where they can be changed; addresses in an object are counted from its beginning. */
static bool is_initial(const void *c, const void *cxx, size_t size, const char *name, size_t map,
		       size_t inner)
{
	static unsigned long a[40], b[40];
	size_t i;

	if (size > sizeof(a))
		return false;
	memcpy(a, c, size);
	memcpy(b, cxx, size);
#ifdef CONFIG_DEBUG_LOCK_ALLOC
	if (!same_map((void *)a + map, (void *)b + map, name) ||
	    (inner != NO_MAP && !same_map((void *)a + inner, (void *)b + inner, name)))
		return false;
#endif
	for (i = 0; i < size / sizeof(long); i++) {
		unsigned long own = a[i] - (unsigned long)c;

		if (a[i] != b[i] && (own >= size || own != b[i] - (unsigned long)cxx))
			return false;
	}
	return !memcmp((char *)a + i * sizeof(long), (char *)b + i * sizeof(long),
		       size % sizeof(long));
}

#define IS_INITIAL(what, type, definition, map, inner)                                             \
	bool locks_bridge_is_initial_##what(const void *object, const char *name)                  \
	{                                                                                          \
		definition(c_##what);                                                              \
		return is_initial(&c_##what, object, sizeof(c_##what), name, map, inner);          \
	}

#define STATIC_MUTEX(name) static struct mutex name = __MUTEX_INITIALIZER(name)
#define STATIC_RWSEM(name) static struct rw_semaphore name = __RWSEM_INITIALIZER(name)
#define STATIC_SPINLOCK(name) static DEFINE_SPINLOCK(name)
#define STATIC_RAW_SPINLOCK(name) static DEFINE_RAW_SPINLOCK(name)
#define STATIC_COMPLETION(name) static DECLARE_COMPLETION(name)
#define STATIC_WAIT_LIST(name) static DECLARE_SWAIT_QUEUE_HEAD(name)

#ifdef CONFIG_PREEMPT_RT
#define MUTEX_INNER NO_MAP
#define RWSEM_INNER NO_MAP
#else
#define MUTEX_INNER MAP(struct mutex, wait_lock.dep_map)
#define RWSEM_INNER MAP(struct rw_semaphore, wait_lock.dep_map)
#endif

IS_INITIAL(mutex, struct mutex, STATIC_MUTEX, MAP(struct mutex, dep_map), MUTEX_INNER)
IS_INITIAL(rwsem, struct rw_semaphore, STATIC_RWSEM, MAP(struct rw_semaphore, dep_map), RWSEM_INNER)
IS_INITIAL(spinlock, spinlock_t, STATIC_SPINLOCK, MAP(spinlock_t, dep_map), NO_MAP)
IS_INITIAL(raw_spinlock, raw_spinlock_t, STATIC_RAW_SPINLOCK, MAP(raw_spinlock_t, dep_map), NO_MAP)
IS_INITIAL(completion, struct completion, STATIC_COMPLETION,
	   MAP(struct completion, wait.lock.dep_map), NO_MAP)
IS_INITIAL(wait_list, struct swait_queue_head, STATIC_WAIT_LIST,
	   MAP(struct swait_queue_head, lock.dep_map), NO_MAP)

bool locks_bridge_is_locked_mutex(const void *object)
{
	return mutex_is_locked((struct mutex *)object);
}

bool locks_bridge_is_preempt_rt(void)
{
	return IS_ENABLED(CONFIG_PREEMPT_RT);
}

bool locks_bridge_irqs_are_off(void)
{
	return irqs_disabled();
}

bool locks_bridge_softirqs_are_off(void)
{
	return in_softirq();
}

/* A kernel without preemption and lockdep keeps no account. */
bool locks_bridge_in_rcu_read(void)
{
	return rcu_read_lock_held();
}

static struct hrtimer timer;
static void (*in_interrupt_call)(void);

static enum hrtimer_restart expired(struct hrtimer *expired)
{
	in_interrupt_call();
	hrtimer_forward_now(expired, ns_to_ktime(200 * NSEC_PER_USEC));
	return HRTIMER_RESTART;
}

void locks_bridge_start_interrupts(void (*f)(void))
{
	in_interrupt_call = f;
#if KERNEL_VERSION(6, 13, 0) <= LINUX_VERSION_CODE
	hrtimer_setup(&timer, expired, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
#else
	hrtimer_init(&timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
	timer.function = expired;
#endif
	hrtimer_start(&timer, ns_to_ktime(200 * NSEC_PER_USEC), HRTIMER_MODE_REL_HARD);
}

void locks_bridge_stop_interrupts(void)
{
	hrtimer_cancel(&timer);
}
