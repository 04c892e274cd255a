// SPDX-License-Identifier: GPL-2.0
//
// Stop requests of threads and sources, and the sleeps that they end.
#include "kthread/stop_token.hpp"

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

[[gnu::cold]] void stop_state::destroy()
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

[[gnu::cold]] void stop_state::sleep_until(bool (*is_so)(unsigned int word)) const
{
	bridge_waiter waiter;

	bridge_wait_begin(&waiter, &word);
	for (;;) {
		bridge_wait_prepare(&waiter, BRIDGE_WAITS);
		if (is_so(word.load()))
			break;
		schedule();
	}
	bridge_wait_end(&waiter);
}

[[gnu::cold]] void stop_state::wait_for_others(const char *owner)
{
	if (refs.load() == 1)
		return;
	_printk("\0013kthread: a stop_token outlives %s, which waits for its end\n", owner);

	word.fetch_or(lent);
	put();
	sleep_until([](unsigned int now) { return !(now & lent); });
	refs.store(1);
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

[[gnu::cold]] bool stop_token::answer() const
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
[[gnu::cold]] bool stop_token::sleep_as_another(steady_clock::time_point deadline,
						unsigned long long slack) const
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
