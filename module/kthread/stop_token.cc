// SPDX-License-Identifier: GPL-2.0
//
// Stop requests of threads and sources, and the sleeps that they end.
#include "kthread/stop_source.hpp"

namespace kthread
{
constinit std::atomic<void (*)(stop_state *)> stop_state::callbacks{nullptr};

bool stop_state::request_stop()
{
	if (is_thread())
		return static_cast<thread_state *>(this)->request_stop();

	const unsigned int was = word.fetch_or(stop);

	if (was & stop)
		return false;
	// Those who sleep by a token of a source.
	if (was & join)
		bridge_wake_all(&word);
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
	// The memory is the owner's as soon as the owner can see this.
	if (word.load() & lent) {
		word.fetch_and(~static_cast<unsigned int>(lent));
		bridge_wake_all(&word);
		return;
	}
	if (!is_thread()) {
		delete static_cast<source_state *>(this);
		return;
	}

	auto *const thread = static_cast<thread_state *>(this);

	if (thread->task)
		bridge_put_task(thread->task);
	thread->act(thread, thread_state::action::free);
}

void stop_state::wait_for_others(const char *owner)
{
	if (refs.load() == 1)
		return;
	_printk("\0013kthread: a stop_token outlives %s, which waits for its end\n", owner);

	bridge_waiter waiter;

	word.fetch_or(lent);
	put();
	bridge_wait_begin(&waiter, &word);
	for (;;) {
		bridge_wait_prepare(&waiter, true);
		if (!(word.load() & lent))
			break;
		schedule();
	}
	bridge_wait_end(&waiter);
	refs.store(1);
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

bool stop_token::sleep_once(steady_clock::time_point deadline, unsigned long long slack) const
{
	constexpr steady_clock::time_point past;

	if (is_asked() || deadline <= past) {
		if (!is_own() && deadline > past && !stop_requested())
			return sleep_as_another(deadline, slack);
		bridge_awake();
		return yield() && deadline > past;
	}
	if (deadline != steady_clock::time_point::max())
		return sleep_once_until(deadline.time_since_epoch().count(), slack);
	schedule();
	return go_on();
}

bool stop_token::sleep_once_until(long long time, unsigned long long slack) const
{
	if (schedule_hrtimeout_range(&time, slack,
				     static_cast<hrtimer_mode>(BRIDGE_TIMER_ABSOLUTE)))
		return go_on();
	// The kernel returns at once if the time is over already. The thread would never let others run.
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

// The caller has set its state before. The request wakes all who sleep on the word.
bool stop_token::sleep_as_another(steady_clock::time_point deadline, unsigned long long slack) const
{
	bridge_waiter waiter;
	bool is_over = false;

	bridge_wait_besides(&waiter, state_ ? static_cast<const void *>(&state_->word) : this);
	if (state_ && state_->word.fetch_or(stop_state::join) & stop_state::stop) {
		is_over = true;
	} else if (deadline == steady_clock::time_point::max()) {
		schedule();
	} else {
		long long time = deadline.time_since_epoch().count();

		is_over = !schedule_hrtimeout_range(
			&time, slack, static_cast<hrtimer_mode>(BRIDGE_TIMER_ABSOLUTE));
	}
	bridge_wait_end(&waiter);
	// The time may have been over already.
	if (is_over)
		bridge_yield();
	return !is_over && !stop_requested();
}
} // namespace kthread
