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
	for (bool begins = true; !joined.load(std::memory_order_acquire) && !has_ended();
	     begins = false) {
		// Another owner may park the thread later, and ask for its stop: a parked thread does not see that.
		if (parked && (begins || word.load() & thread_state::stop)) {
			const sleeping_guard owned(owners);

			if (parked)
				unpark_or_wake();
		}
		if (stage_of(word.fetch_or(join)) < starting)
			(void)request_stop();
		if (!stop.wait(reinterpret_cast<wait_queue &>(word), [this] {
			    return has_ended() || (parked && word.load() & thread_state::stop);
		    }))
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
