// SPDX-License-Identifier: GPL-2.0
//
// What module/bridge/module.c and called.c do: the objects that a module has, and its end.
#include "bridge/workqueue.h"

#include "kernel.hpp"
#include "tasks.hpp"

using namespace explore;
using namespace kernel;

static bridge_link *bridge_stopping;
bool bridge_module_is_over;

namespace
{
// The objects of the module, by how far its end has come, and how many threads hold it.
bridge_link owned, asked, stopped;
bridge_link called, called_asked, in_interrupts, cancelled, ended;
bridge_link *const all_lists[] = {&owned,        &asked,         &stopped,   &called,
				  &called_asked, &in_interrupts, &cancelled, &ended};
int patience;
const task_struct *stopper;
char owned_lock[8]; // for what takes more than one step
bool is_polled, has_run_on;
int module_references;
bool module_is_going;

// raw_spin_lock_irqsave(), which nothing in an interrupt calls for, and a change of the list: nobody sees one without the other.
void change_list(const char *what)
{
	if (is_interrupt())
		fail("changes the module's list in an interrupt");
	step(what, &owned, rmw);
}

void link_after(bridge_link *link, bridge_link *after)
{
	touch(after, sizeof(*after), true);
	touch(after->next, sizeof(*after), true);
	link->prev = after;
	link->next = after->next;
	after->next->prev = link;
	after->next = link;
	// raw_spin_unlock_irqrestore()
	book(&owned, rmw);
}

void unlink(bridge_link *link)
{
	touch(link, sizeof(*link), true);
	touch(link->next, sizeof(*link), true);
	touch(link->prev, sizeof(*link), true);
	link->prev->next = link->next;
	link->next->prev = link->prev;
	link->next = link->prev = nullptr; // LIST_POISON1
	book(&owned, rmw);
}

// bridge_take_out()
void take_out(bridge_link *link)
{
	unlink(link);
	if (bridge_stopping == link)
		bridge_stopping = nullptr;
}

void add_to(bridge_link *list, bridge_link *link, bool first,
	    void (*left_behind)(bridge_link *, bridge_end))
{
	touch(link, sizeof(*link), true);
	link->left_behind = left_behind;
	link->maker = static_cast<int>(current() - tasks);
	change_list("adds to the module's list");
	link_after(link, first ? list : list->prev);
}

// Within the step that looks at the list.
bool is_of_module(const task_struct &task)
{
	book(&task.exited, read);
	return task.is_kthread && !task.per_cpu && !task.has_ended;
}

bool has_threads()
{
	bool lives = false;

	change_list("has the module threads?");
	for (const task_struct &task : tasks)
		lives |= is_of_module(task);
	return lives;
}

bridge_link *first_of(const bridge_link *list, bridge_end how)
{
	for (bridge_link *each = list->next; each != list; each = each->next) {
		if (how != BRIDGE_ASK || !patience || !is_of_module(tasks[each->maker]))
			return each;
	}
	return nullptr;
}

void leave_behind(bridge_link *from, bridge_link *to, bridge_end how)
{
	for (;;) {
		change_list("what is left?");

		bridge_link *const link = first_of(from, how);
		if (link) {
			unlink(link);
			link_after(link, to->prev);
		}
		bridge_stopping = link;
		if (!link)
			break;
		link->left_behind(link, how);
	}
}

void end_called()
{
	leave_behind(&called_asked, &cancelled, BRIDGE_STOP);
	leave_behind(&called, &cancelled, BRIDGE_STOP);
	leave_behind(&in_interrupts, &cancelled, BRIDGE_STOP);
	step("the module is over", &bridge_module_is_over, rmw);
	bridge_module_is_over = true;
	leave_behind(&cancelled, &ended, BRIDGE_STOP);
	leave_behind(&called, &ended, BRIDGE_STOP);
	leave_behind(&in_interrupts, &ended, BRIDGE_STOP);
	if (has_run_on)
		synchronize_rcu_tasks();
	has_run_on = false;
}
} // namespace

void bridge_module_add(bridge_link *link, bool first,
		       void (*left_behind)(bridge_link *, bridge_end))
{
	add_to(&owned, link, first, left_behind);
}
void bridge_module_add_called(bridge_link *link, bool may_sleep,
			      void (*left_behind)(bridge_link *, bridge_end))
{
	add_to(may_sleep ? &called : &in_interrupts, link, may_sleep, left_behind);
}
void bridge_module_remove(bridge_link *link)
{
	change_list("removes from the module's list");
	while (bridge_stopping == link && stopper != current()) {
		block("waits until the module's end is done with it", &owned, rmw,
		      [link] { return bridge_stopping != link; });
		change_list("removes from the module's list");
	}
	take_out(link);
}
bool bridge_module_remove_own(bridge_link *link)
{
	change_list("removes its own from the module's list");
	if (bridge_stopping == link)
		return false;
	unlink(link);
	return true;
}
void bridge_module_remove_running(bridge_link *link)
{
	const auto is_free = [link] { return bridge_stopping != link || is_polled; };

	for (;;) {
		block("waits until the module's end polls", &owned, rmw, is_free);
		raw_spin_lock(owned_lock);
		change_list("removes itself from the module's list");
		if (is_free())
			break;
		raw_spin_unlock(owned_lock);
	}
	take_out(link);
	has_run_on = true;
	raw_spin_unlock(owned_lock);
}
bool bridge_module_poll(bridge_link *link, bool (*has_ended)(bridge_link *))
{
	for (;;) {
		raw_spin_lock(owned_lock);
		change_list("polls what is left");

		const bool is_there = bridge_stopping == link;

		is_polled = is_there && !has_ended(link);
		book(&owned, rmw);
		raw_spin_unlock(owned_lock);
		if (!is_polled)
			return is_there;
		usleep_range_state(1000, TASK_UNINTERRUPTIBLE);
	}
}
// try_module_get()
bool bridge_hold_module()
{
	step("holds the module", &module_references, rmw);
	note("is going:", module_is_going);
	module_references += !module_is_going;
	return !module_is_going;
}
// module_put()
void bridge_let_go_of_module()
{
	step("lets go of the module", &module_references, rmw);
	--module_references;
}
// In the kernel's text, as the module may be gone after the first half.
struct module {
} __this_module;
void __module_put_and_kthread_exit(module *, long code)
{
	step("lets go of the module", &module_references, rmw);
	if (!module_references)
		fail("lets go of a module that it does not hold");
	--module_references;
	kthread_exit(static_cast<int>(code));
}
// Any context may call this. The lock is there as several steps are one for the others.
void kernel::bridge_module_remove_polled(bridge_link *link)
{
	raw_spin_lock(owned_lock);
	step("removes a timer from the module's list", &owned, rmw);
	take_out(link);
	raw_spin_unlock(owned_lock);
}

// delete_module(), of which a user waits until nobody holds it, and the bridge's module_goes(). If the init fails,
// the kernel lets threads hold the module until the end.
void explore::module_goes(bool init_fails)
{
	const auto wait_until_not_held = [] {
		block("waits until nobody holds the module", &module_references, rmw,
		      [] { return !module_references; });
	};

	if (!init_fails) {
		wait_until_not_held();
		module_is_going = true;
	}
	stopper = current();
	for (;;) {
		const bool waits = patience && has_threads();

		leave_behind(&owned, &asked, BRIDGE_ASK);
		leave_behind(&called, &called_asked, BRIDGE_ASK);
		if (waits) {
			--patience;
			usleep_range_state(1000, TASK_UNINTERRUPTIBLE);
			continue;
		}
		leave_behind(&asked, &stopped, BRIDGE_STOP);
		block("waits until nobody holds the module, or has made something", &owned, rmw,
		      [] { return !module_references || owned.next != &owned; });
		if (owned.next != &owned)
			continue;
		end_called();
		if (!module_references && owned.next == &owned)
			break;
	}
	leave_behind(&ended, &ended, BRIDGE_FREE);
	leave_behind(&stopped, &stopped, BRIDGE_FREE);
	// The kernel would call what is gone.
	check_timers_at_end();
	check_pool_at_end();
}

void kernel::reset_module()
{
	for (bridge_link *list : all_lists)
		list->next = list->prev = list;
	bridge_module_is_over = false;
	bridge_stopping = nullptr;
	patience = 8; // fewer ticks than the bridge has, but more than there are preemptions
	stopper = nullptr;
	is_polled = has_run_on = false;
	module_references = 0;
	module_is_going = false;
	keep_place(owned_lock);
}

void kernel::check_module_at_end()
{
	for (const bridge_link *list : all_lists) {
		if (list->next != list)
			fail("something is left when the module goes");
	}
	if (module_references)
		fail("the module is held for ever");
}
