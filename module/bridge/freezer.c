// SPDX-License-Identifier: GPL-2.0
/*
 * How a thread freezes, and in which sleeps.
 */
#include <linux/freezer.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/lockdep.h>
#include <linux/sched.h>

#include "bridge.h"
#include "flags.h"

/*
 * The map of a body counts as a lock, with which no thread may be frozen. A thread that has no
 * other lock may be.
 */
unsigned int bridge_idle_state(bool freezes)
{
	if (!freezes)
		return TASK_IDLE;
#ifdef CONFIG_LOCKDEP
	if (current->lockdep_depth <= 1)
		return TASK_IDLE | TASK_FREEZABLE_UNSAFE;
#endif
	return TASK_IDLE | TASK_FREEZABLE;
}

void bridge_idle(bool freezes)
{
	if (IS_ENABLED(CONFIG_DEBUG_ATOMIC_SLEEP))
		might_sleep();
	set_current_state(bridge_idle_state(freezes));
}

/*
 * No thread may freeze with a lock. The map of a body is none for that, as nobody waits for the
 * body in the freezer. If the body holds a lock of its own, the kernel is to see all.
 */
static bool leave_only_map(struct bridge_lockdep_map *map)
{
#ifdef CONFIG_LOCKDEP
	if (current->lockdep_depth == 1) {
		bridge_lockdep_leave(map);
		return true;
	}
#endif
	return false;
}

/* Not by set_freezable(), which freezes at once, also a thread that shall stop. */
__cold void bridge_set_freezable(void)
{
	change_flags(PF_NOFREEZE, 0);
	/* Either the freezer sees the flag, or the thread sees the freezer. */
	smp_mb();
}

bool bridge_freezing(void)
{
	bool freezes = freezing(current);

	/*
	 * The caller looks for a stop request after this, and sees one that came before the
	 * freezer.
	 */
	smp_rmb();
	return freezes;
}

__cold bool bridge_freeze(struct bridge_lockdep_map *map)
{
	bool left = leave_only_map(map);
	bool was_frozen = try_to_freeze();

	if (left)
		bridge_lockdep_enter(map);
	return was_frozen;
}

__cold void bridge_parkme(void)
{
	bool freezable = !(current->flags & PF_NOFREEZE);

	change_flags(0, PF_NOFREEZE);
	kthread_parkme();
	if (freezable)
		bridge_set_freezable();
}
