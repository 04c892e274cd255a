// SPDX-License-Identifier: GPL-2.0
#include "kthread/waiting.hpp"
#include "kthread/waiter_table.hpp"

namespace kthread
{
bool wait_mode::is_asked() const
{
	if (state_ != BRIDGE_TASK_IDLE && native::bridge_signal_pending(state_))
		return true;
	if (!stop_)
		return false;
	if (!stop_->is_own())
		return stop_->stop_requested();
	return stop_->is_asked() || (stop_->is_asked(stop_state::freezes) && bridge_freezing());
}

// The freezer wakes a thread that is no user's out of each sleep, so that no waiter is frozen in the queue.
void single_sleep::sleep()
{
	constexpr steady_clock::time_point past;

	if (is_asked())
		return;
	if (deadline_ <= past) {
		late_ = true;
	} else if (how_.stop_ && !how_.stop_->is_own()) {
		late_ = !how_.stop_->sleep_as_another(deadline_) && !is_asked();
	} else if (deadline_ == never) {
		schedule();
	} else {
		long long time = deadline_.time_since_epoch().count();

		late_ = !schedule_hrtimeout(&time,
					    static_cast<hrtimer_mode>(BRIDGE_TIMER_ABSOLUTE));
	}
}

result<void> wait_mode::answer() const
{
	if (!stop_)
		return std::unexpected(errno_t::ERESTARTSYS);
	if (!stop_->yield())
		return std::unexpected(errno_t::ECANCELED);
	if (state_ != BRIDGE_TASK_IDLE && native::bridge_signal_pending(state_))
		return std::unexpected(errno_t::ERESTARTSYS);
	return {};
}

constinit waiter_list waiter_lists[1u << waiter_list::bits];

void waiter_table::join(waiter_node &node) noexcept
{
	waiter_list &list = of(node.address);
	const irqsave_guard held(list.lock);

	if (node.waits)
		return;
	node.waits = true;
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

	if (!node.waits)
		return true;
	unlink(list, node);
	return false;
}

void waiter_table::wake(const void *address, bool all) noexcept
{
	waiter_list &list = of(address);
	const irqsave_guard held(list.lock);

	for (waiter_node *node = list.first; node;) {
		waiter_node &each = *std::exchange(node, node->next);

		if (each.address != address)
			continue;
		unlink(list, each);
		each.notified(each);
		if (!all)
			return;
	}
}
} // namespace kthread
