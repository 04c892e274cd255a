// SPDX-License-Identifier: GPL-2.0
//
// A join that the stop of somebody else than the thread ends.
#include "kthread/task_work.hpp"

namespace kthread
{
// As join_thread() without a deadline. The word's own address is where those who wait for a stage sleep.
result<int> thread_state::join_or_stop(const stop_token &stop)
{
	map.wait();
	if (parked) {
		const sleeping_guard owned(owners);

		if (parked)
			unpark_or_wake();
	}
	if (!joined.load(std::memory_order_acquire)) {
		if (stage_of(word.fetch_or(join)) < starting)
			(void)request_stop();
		if (!stop.wait(reinterpret_cast<wait_queue &>(word),
			       [this] { return has_ended(); }))
			return std::unexpected(errno_t::ECANCELED);
	}
	stop_and_wait(false);
	return get();
}

result<int> thread_end::operator()(const stop_token &stop) const
{
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	return state_->join_or_stop(stop);
}
} // namespace kthread
