// SPDX-License-Identifier: GPL-2.0
#include "kthread/workqueue.hpp"

namespace kthread
{
// Where the caller is an item: whether it is this one.
static bool is_running_here(const void *work)
{
	might_sleep();
	return static_cast<const void *>(current_work()) == work;
}

void pool_place::report_own_end() const
{
	if (!own_)
		_printk("\0013kthread: an item of a pool of the kernel's destroys itself: a workqueue would wait for its end\n");
}

result<void> pool_item::flush()
{
	if (is_running_here(get()))
		return std::unexpected(errno_t::EDEADLK);
	flush_work(get());
	return {};
}

bool pool_item::cancel()
{
	return is_running_here(get()) ? cancel_work(get()) : cancel_work_sync(get());
}

void pool_item::retire()
{
	if (is_running_here(get()))
		report_own_end();
	cancel();
}

bool pool_place::mark(bool marked)
{
	const auto queue = reinterpret_cast<std::uintptr_t>(queue_);

	__atomic_store_n(&queue_, reinterpret_cast<workqueue_struct *>((queue & ~1ul) | marked),
			 __ATOMIC_RELAXED);
	return marked;
}

void pool_place::leave_module(bridge_link *link, const void *work) const
{
	if (!own_ && is_running_here(work))
		bridge_module_remove_running(link);
	else
		bridge_module_remove(link);
}

// The kernel is about to free the memory of a module that forgot an item. This waits as cancel_work_sync() does, which
// would look at an item that destroys itself meanwhile.
static void report_and_cancel(bridge_link *link, bridge_end how,
			      bool (*is_cancelled)(bridge_link *))
{
	if (how == BRIDGE_ASK)
		return;
	if (!bridge_module_is_over)
		_printk("\0013kthread: an item is cancelled, as its module goes without it\n");
	if (bridge_module_poll(link, is_cancelled) && how == BRIDGE_FREE)
		bridge_module_remove(link);
}

void pool_item::cancel_forgotten(bridge_link *link, bridge_end how)
{
	report_and_cancel(link, how, [](bridge_link *link) {
		auto &item = static_cast<pool_item &>(*link);

		cancel_work(item.get());
		return !item.mark(work_busy(item.get()));
	});
}

void delayed_pool_item::cancel_forgotten(bridge_link *link, bridge_end how)
{
	report_and_cancel(link, how, [](bridge_link *link) {
		auto &item = static_cast<delayed_pool_item &>(*link);

		cancel_delayed_work(item.get());
		return !item.mark(work_busy(reinterpret_cast<work_struct *>(item.storage)));
	});
}

inline bool delayed_pool_item::is_self() const
{
	return is_running_here(storage);
}

result<void> delayed_pool_item::flush()
{
	if (is_self())
		return std::unexpected(errno_t::EDEADLK);
	flush_delayed_work(get());
	return {};
}

bool delayed_pool_item::cancel()
{
	return is_self() ? cancel_delayed_work(get()) : cancel_delayed_work_sync(get());
}

void delayed_pool_item::retire()
{
	if (is_self())
		report_own_end();
	cancel();
}

// The last to go is the handle, or an item that is not called any more.
void pool_state::put()
{
	if (refs_.fetch_sub(1) == 1)
		destroy();
}

void pool_state::destroy()
{
	bridge_module_remove(this);
	destroy_workqueue(queue_);
	delete this;
}

// What was queued before runs. What comes later, as its timer was on the way, is not called any more; the second flush
// is for one that was called before that.
void pool_state::close()
{
	{
		const irq_guard locked(lock_);

		is_closed_ = true;
	}
	stop_.request_stop();
	__flush_workqueue(queue_);
	is_over_.store(true, std::memory_order_release);
	__flush_workqueue(queue_);
}

// The kernel is about to free the memory of a module that forgot this workqueue.
void pool_state::left_behind(bridge_link *link, bridge_end how)
{
	auto &state = static_cast<pool_state &>(*link);

	// A thread may wait for an item that ends by that alone.
	if (how == BRIDGE_ASK)
		return void(state.stop_.request_stop());
	if (how == BRIDGE_FREE)
		return state.destroy();
	_printk("\0013kthread: a workqueue is flushed, as its module goes without it\n");
	state.close();
}

workqueue::~workqueue()
{
	if (own_)
		own_->close();
}

result<workqueue> workqueue::create(const char *name, workqueue_options options)
{
	auto stop = stop_source::create();
	if (!stop)
		return std::unexpected(stop.error());

	unsigned int flags = 0;

	flags |= options.unbound ? BRIDGE_POOL_UNBOUND : 0;
	flags |= options.high_priority ? BRIDGE_POOL_HIGH_PRIORITY : 0;
	flags |= options.freezable ? BRIDGE_POOL_FREEZABLE : 0;
	flags |= options.in_order ? BRIDGE_POOL_IN_ORDER : 0;
	flags |= options.reclaims ? BRIDGE_POOL_RECLAIMS : 0;

	workqueue_struct *const queue = bridge_queue_create(name, flags);
	if (!queue)
		return std::unexpected(errno_t::ENOMEM);

	auto *const state = new (std::nothrow) pool_state(queue, std::move(*stop));
	if (!state) {
		destroy_workqueue(queue);
		return std::unexpected(errno_t::ENOMEM);
	}
	state->add_to_module();

	workqueue made;

	made.queue_ = queue;
	made.own_ = pool_ref(state);
	return made;
}

void workqueue::flush()
{
	might_sleep();
	if (own_)
		__flush_workqueue(queue_);
}
} // namespace kthread
