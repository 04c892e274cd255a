// SPDX-License-Identifier: GPL-2.0
#include "kthread/waiting.hpp"

namespace kthread
{
bool wait_mode::is_asked() const
{
	return (state_ != BRIDGE_TASK_IDLE && native::bridge_signal_pending(state_)) ||
	       has_to_go_on();
}

bool wait_mode::has_to_go_on() const
{
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
	} else if (how_.stop_ && how_.stop_->is_anothers()) {
		late_ = !how_.stop_->sleep_as_another(deadline_, 0) && !is_asked();
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
} // namespace kthread
