// SPDX-License-Identifier: GPL-2.0
#include "torture_records.hpp"

namespace torture
{
std::chrono::nanoseconds some_time(random &r)
{
	return std::chrono::microseconds(r.one_in(16) ? 1 : 500 + r.below(2500));
}

int thread_record::run(stop_token stop)
{
	torture_count(TORTURE_STARTED);
	CHECK_EQ(runs.fetch_add(1), 0u);
	CHECK_EQ(running.fetch_add(1), 0u);
	if (planned.freezable)
		stop.set_freezable();
	beat();

	const auto over = steady_clock::now() + planned.time;
	steady_clock::time_point last_due;
	switch (planned.what) {
	case habit::naps:
		for (unsigned int i = 0; i < planned.count && !stop.stop_requested(); ++i) {
			const auto due = steady_clock::now() + planned.time;

			if (stop.sleep_until(due))
				CHECK(steady_clock::now() >= due);
			beat();
		}
		break;
	case habit::yields:
		while (steady_clock::now() < over && stop.yield())
			beat();
		break;
	case habit::has_child:
		have_child(stop);
		break;
	case habit::asks:
		ask();
		break;
	case habit::sleeps:
		while (!stop.stop_requested()) {
			CHECK(!stop.sleep_for(forever));
			beat();
		}
		break;
	case habit::waits:
		while (stop.wait([this] { return produced.load() != consumed.load(); })) {
			++consumed;
			beat();
		}
		break;
	case habit::waits_in_queue:
		while (stop.wait(queue, [this] { return produced.load() != consumed.load(); })) {
			++consumed;
			beat();
		}
		break;
	case habit::ticks:
		while (every.wait(stop)) {
			CHECK(every.due() <= steady_clock::now());
			CHECK(every.due() >= last_due);
			CHECK(every.late() >= 0ns);
			last_due = every.due();
			beat();
		}
		break;
	default:
		break;
	}
	if (!planned.ends())
		CHECK(stop.stop_requested());
	CHECK_EQ(running.fetch_sub(1), 1u);
	++ended;
	return planned.code;
}

void thread_record::ask()
{
	if (!door)
		return;
	const try_visit inside(*door);
	if (!inside)
		return;
	CHECK_ERROR(handle->stop(), errno_t::EDEADLK);
	CHECK_ERROR(handle->join(), errno_t::EDEADLK);
	CHECK_ERROR(handle->park(), errno_t::EDEADLK);
	CHECK_ERROR(handle->unpark(), errno_t::EINVAL);
	CHECK_ERROR(handle->get(), errno_t::EAGAIN);
	CHECK_EQ(handle->progress(), thread_progress::running);
	CHECK_EQ(handle->pid(), bridge_task_pid(bridge_current()));
}

void thread_record::have_child(stop_token stop)
{
	std::atomic<unsigned int> started{0}, ended{0};
	auto child = jthread::create("torture/child", [&](stop_token child_stop) {
		++started;
		child_stop.sleep_for(planned.time);
		++ended;
		return 1;
	});
	if (!CHECK(is_one_of(child, errno_t::ENOMEM)) || !child)
		return;
	if (planned.count % 4)
		child->wake();
	stop.sleep_for(planned.time / 2);
	beat();
	if (planned.count % 2)
		*child = {};
	else
		CHECK(is_one_of(child->stop(), errno_t::EINTR));
	CHECK(started.load() <= 1);
	CHECK_EQ(ended.load(), started.load());
}

void set_scheduling(thread_handle &thread, random &r, bool joinable)
{
	const int nice = static_cast<int>(r.below(50)) - 25;
	const bool valid = nice >= -20 && nice <= 19;
	const auto expected = !joinable ? errno_t::ESRCH : valid ? errno_t{} : errno_t::EINVAL;

	if (r.one_in(2))
		CHECK_EQ((r.one_in(2) ? thread.set_fifo() : thread.set_fifo_low()).has_value(),
			 joinable);
	else
		CHECK_ERROR(thread.set_nice(nice), expected);
	CHECK_ERROR(thread.set_normal(nice), expected);
	// What never sleeps must not keep all others off its CPU.
	if (!valid)
		(void)thread.set_normal(0);
}

void is_empty(thread_handle &thread, random &r)
{
	constexpr auto none = errno_t::ESRCH;

	CHECK(!thread.joinable());
	CHECK(!thread.wake());
	thread.request_stop();
	CHECK_ERROR(thread.join(), none);
	CHECK_ERROR(thread.stop(), none);
	CHECK_ERROR(thread.get(), none);
	CHECK_ERROR(thread.park(), none);
	CHECK_ERROR(thread.unpark(), none);
	CHECK_ERROR(thread.bind(0), none);
	CHECK_ERROR(thread.bind_list("0"), none);
	CHECK_EQ(thread.progress(), thread_progress::none);
	CHECK_EQ(thread.pid(), 0);
	CHECK_EQ(thread.state(), '\0');
	set_scheduling(thread, r, false);
}

void feed(thread_handle &handle, thread_record &record, unsigned int count)
{
	for (unsigned int i = 0; i < count; ++i) {
		++record.produced;
		if (record.planned.what == habit::waits)
			handle.wake();
		else
			record.queue.notify_all();
	}
}
} // namespace torture
