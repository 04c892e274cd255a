// SPDX-License-Identifier: GPL-2.0
//
// The callbacks of stop requests, in an object of their own: a module without any has nothing of this.
#include "kthread/stop_callback.hpp"

namespace kthread
{
// A state has no room for a list, as few have callbacks. So the lists of a table have them all, by the addresses of
// their states. The lock guards the list, and is not held in a callback.
struct callback_list {
	bridge_list &list;

	explicit callback_list(const stop_state *state) : list(*bridge_list_of(state)) {}

	unsigned long lock() { return bridge_lock_acquire(&list.lock); }
	void unlock(unsigned long flags) { bridge_lock_release(&list.lock, flags); }
	stop_callback_base *&first() { return reinterpret_cast<stop_callback_base *&>(list.first); }

	void add(stop_callback_base &callback);
	static void take_out(stop_callback_base &callback);
	stop_callback_base *take_one_of(const stop_state *state);
	void call(stop_callback_base &callback, unsigned long &flags);
	static void call_all(stop_state *state);
	void remove(stop_callback_base &callback);
};

void callback_list::add(stop_callback_base &callback)
{
	callback.next_ = first();
	callback.link_ = &first();
	if (first())
		first()->link_ = &callback.next_;
	first() = &callback;
}

void callback_list::take_out(stop_callback_base &callback)
{
	*callback.link_ = callback.next_;
	if (callback.next_)
		callback.next_->link_ = callback.link_;
	callback.link_ = nullptr;
}

stop_callback_base *callback_list::take_one_of(const stop_state *state)
{
	stop_callback_base *callback = first();

	while (callback && callback->state_.get() != state)
		callback = callback->next_;
	if (callback)
		take_out(*callback);
	return callback;
}

// Whoever destroys the callback in another thread waits from now on until the call has ended.
void callback_list::call(stop_callback_base &callback, unsigned long &flags)
{
	bool is_gone = false;

	callback.is_gone_ = &is_gone;
	callback.caller_.store(bridge_current(), std::memory_order_relaxed);
	unlock(flags);
	callback.call_(callback);
	flags = lock();
	if (is_gone)
		return;
	callback.caller_.store(nullptr, std::memory_order_release);
	unlock(flags);
	// The callback may be gone: nothing is read there.
	bridge_wake_all(&callback);
	flags = lock();
}

void callback_list::remove(stop_callback_base &callback)
{
	const unsigned long flags = lock();
	const task_struct *const caller = callback.caller_.load(std::memory_order_relaxed);
	const bool is_listed = callback.link_;

	if (is_listed)
		take_out(callback);
	else if (caller == bridge_current())
		*callback.is_gone_ = true;
	unlock(flags);
	if (is_listed || !caller || caller == bridge_current())
		return;

	bridge_waiter waiter;

	bridge_wait_begin(&waiter, &callback);
	for (;;) {
		bridge_wait_prepare(&waiter, BRIDGE_WAITS);
		if (!callback.caller_.load(std::memory_order_acquire))
			break;
		schedule();
	}
	bridge_wait_end(&waiter);
}

// Either the request sees that the state is watched, and finds the callback when it gets the lock, or the callback
// sees the request.
bool stop_callback_base::add(caller call)
{
	if (!state_)
		return false;
	stop_state::callbacks.store(callback_list::call_all, std::memory_order_relaxed);

	callback_list list(state_.get());
	const unsigned long flags = list.lock();
	const bool is_stopped = state_->word.fetch_or(stop_state::watched) & stop_state::stop;

	call_ = call;
	if (!is_stopped)
		list.add(*this);
	list.unlock(flags);
	if (is_stopped)
		call(*this);
	return !is_stopped;
}

void stop_callback_base::take_over(stop_token &token, caller call)
{
	if (add(call))
		token = stop_token();
}

void stop_callback_base::remove()
{
	might_sleep();
	if (state_)
		callback_list(state_.get()).remove(*this);
}

void callback_list::call_all(stop_state *state)
{
	// A callback may drop the last source. A state in its place would be taken for it.
	const stop_ref held(*state);
	callback_list list(state);
	unsigned long flags = list.lock();

	while (stop_callback_base *callback = list.take_one_of(state))
		list.call(*callback, flags);
	list.unlock(flags);
}
} // namespace kthread
