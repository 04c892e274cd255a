// SPDX-License-Identifier: GPL-2.0
#include "kthread/waiter_table.hpp"

#include <utility>

namespace kthread
{
constinit waiter_list waiter_lists[1u << waiter_list::bits];

void waiter_table::join(waiter_node &node) noexcept
{
	waiter_list &list = of(node.address);
	const irqsave_guard held(list.lock);

	if (node.waits)
		return;
	node.waits = true;
	node.was_notified = false;
	node.next = nullptr;
	node.prev = list.last;
	(list.last ? list.last->next : list.first) = &node;
	list.last = &node;
	list.size.store(list.size.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
	// See notify().
	std::atomic_thread_fence(std::memory_order_seq_cst);
}

void waiter_table::unlink(waiter_list &list, waiter_node &node) noexcept
{
	(node.prev ? node.prev->next : list.first) = node.next;
	(node.next ? node.next->prev : list.last) = node.prev;
	node.waits = false;
	list.size.store(list.size.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
}

bool waiter_table::leave(waiter_node &node) noexcept
{
	waiter_list &list = of(node.address);
	const irqsave_guard held(list.lock);

	if (node.waits)
		unlink(list, node);
	return node.was_notified;
}

bool waiter_table::wake(const void *address, bool all) noexcept
{
	waiter_list &list = of(address);
	const irqsave_guard held(list.lock);
	bool any = false;

	for (waiter_node *node = list.first; node;) {
		waiter_node &each = *std::exchange(node, node->next);

		if (each.address != address)
			continue;
		unlink(list, each);
		each.was_notified = any = true;
		each.notified(each);
		if (!all)
			break;
	}
	return any;
}
} // namespace kthread
