// SPDX-License-Identifier: GPL-2.0
//
// Stop requests of threads and sources, their callbacks, and the sleeps that they end.
#include "kthread/stop_source.hpp"

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
		bridge_wait_prepare(&waiter, true);
		if (!callback.caller_.load(std::memory_order_acquire))
			break;
		schedule();
	}
	bridge_wait_end(&waiter);
}

// Either the request sees that the state is watched, and finds the callback when it gets the lock, or the callback
// sees the request.
void stop_callback_base::add(caller call)
{
	if (!state_)
		return;

	callback_list list(state_.get());
	const unsigned long flags = list.lock();
	const bool is_stopped = state_->word.fetch_or(stop_state::watched) & stop_state::stop;

	call_ = call;
	if (!is_stopped)
		list.add(*this);
	list.unlock(flags);
	if (is_stopped)
		call(*this);
}

void stop_callback_base::remove()
{
	might_sleep();
	if (state_)
		callback_list(state_.get()).remove(*this);
}

void stop_state::call_callbacks()
{
	callback_list list(this);
	unsigned long flags = list.lock();

	while (stop_callback_base *callback = list.take_one_of(this))
		list.call(*callback, flags);
	list.unlock(flags);
}

bool stop_state::request_stop()
{
	if (is_thread())
		return static_cast<thread_state *>(this)->request_stop();

	const unsigned int was = word.fetch_or(stop);

	if (was & stop)
		return false;
	if (was & watched)
		call_callbacks();
	return true;
}

bool stop_state::is_stop_possible() const
{
	const unsigned int now = word.load(std::memory_order_acquire);

	return now & stop || stage_of(now) ||
	       static_cast<const source_state *>(this)->sources.load(std::memory_order_relaxed);
}

void stop_state::destroy()
{
	if (!is_thread()) {
		delete static_cast<source_state *>(this);
		return;
	}

	auto *const thread = static_cast<thread_state *>(this);

	if (thread->task)
		bridge_put_task(thread->task);
	thread->act(thread, thread_state::action::free);
}

result<stop_source> stop_source::create()
{
	auto *const state = new (std::nothrow) source_state;

	if (!state)
		return std::unexpected(errno_t::ENOMEM);
	return stop_source(stop_ref(static_cast<stop_state *>(state)));
}

void stop_source::count() noexcept
{
	if (state_ && !state_->is_thread())
		static_cast<source_state *>(state_.get())
			->sources.fetch_add(1, std::memory_order_relaxed);
}

stop_source::~stop_source()
{
	if (state_ && !state_->is_thread())
		static_cast<source_state *>(state_.get())
			->sources.fetch_sub(1, std::memory_order_relaxed);
}

bool stop_token::sleep_once(steady_clock::time_point deadline) const
{
	constexpr steady_clock::time_point past;

	if (is_asked() || deadline <= past) {
		if (!is_own() && deadline > past && !stop_requested())
			return sleep_as_another(deadline);
		bridge_awake();
		return yield() && deadline > past;
	}
	if (deadline != steady_clock::time_point::max())
		return sleep_once_until(deadline.time_since_epoch().count());
	schedule();
	return go_on();
}

bool stop_token::sleep_once_until(long long time) const
{
	if (schedule_hrtimeout(&time, static_cast<hrtimer_mode>(BRIDGE_TIMER_ABSOLUTE)))
		return go_on();
	// schedule_hrtimeout() returns at once if the time is over already. The thread would never let others run.
	(void)yield();
	return false;
}

bool stop_token::answer() const
{
	if (is_own())
		thread().park_here();
	return !stop_requested();
}

bool stop_token::answer_and_freeze() const
{
	if (is_own())
		thread().freeze_here();
	return answer();
}

constinit const std::atomic<unsigned int> stop_token::not_own{stop_state::stop};

// The request wakes the sleeper, who has set its state before.
bool stop_token::sleep_as_another(steady_clock::time_point deadline) const
{
	const stop_callback waker(*this, [self = bridge_current()] { wake_up_process(self); });

	if (deadline == steady_clock::time_point::max()) {
		schedule();
		return !stop_requested();
	}

	long long time = deadline.time_since_epoch().count();

	if (schedule_hrtimeout(&time, static_cast<hrtimer_mode>(BRIDGE_TIMER_ABSOLUTE)))
		return !stop_requested();
	// The time may have been over already.
	bridge_yield();
	return false;
}
} // namespace kthread
