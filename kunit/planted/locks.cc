// SPDX-License-Identifier: GPL-2.0
//
// Misuse of the locks, of which lockdep has to tell by the name that the declaration gave.
#include "faults.h"

#include "kthread/completion.hpp"
#include "kthread/intrusive_list.hpp"
#include "kthread/mutex.hpp"
#include "kthread/spinlock.hpp"

namespace
{
struct device {
	kthread::mutex config{"device::config"_lock};
	kthread::mutex queue{"device::queue"_lock};
	kthread::spinlock fast{"device::fast"_lock};
};

constinit device static_device;

struct element {
	kthread::list_hook place;
};
} // namespace

// Of two objects of one type: their members are of one class each.
void fault_inversion_of_members()
{
	device other;
	{
		const std::lock_guard first(static_device.config);
		const std::lock_guard second(static_device.queue);
	}
	const std::lock_guard first(other.queue);
	const std::lock_guard second(other.config);
}

// Another object's, or it would wait for ever.
void fault_double_lock()
{
	device other;
	const std::lock_guard first(static_device.config);
	const std::lock_guard second(other.config);
}

void fault_mutex_under_a_spinlock()
{
	const std::lock_guard fast(static_device.fast);
	const std::lock_guard slow(static_device.config);
}

void fault_wait_under_a_spinlock()
{
	kthread::completion done{"device::done"_lock};
	const std::lock_guard fast(static_device.fast);

	done.complete();
	(void)done.wait(kthread::idle);
}

// Taken with interrupts on first, then in one.
void fault_spinlock_of_threads_in_an_interrupt()
{
	{
		const std::lock_guard held(static_device.fast);
	}
	planted_interrupt([] { const std::lock_guard held(static_device.fast); });
}

void fault_linked_element_destroyed()
{
	kthread::intrusive_list<element, &element::place> list;
	element dies;

	list.push_back(dies);
}
