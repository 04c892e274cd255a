// SPDX-License-Identifier: GPL-2.0
//
// Bodies that operate on their own thread by their token, as the handle may not be stored yet.
#include "fixture.hpp"

namespace
{
constinit kthread::static_jthread<> static_thread;
constinit jthread *handle;
} // namespace

void m25_body_stops_itself_by_its_token(kunit *test)
{
	for (int i = 0; i < repeats(10); ++i) {
		auto thread = expect(test, jthread::run("kunit", [](stop_token stop) {
					     if (stop.stop_requested())
						     return -1;
					     stop.request_stop();
					     return sleep_until_stopped(stop);
				     }));

		KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 7);
	}
}

void m25_body_knows_its_pid_by_its_token(kunit *test)
{
	auto thread = expect(test, jthread::run("kunit", [](stop_token stop) {
				     const bool own =
					     stop.pid() == bridge_task_pid(bridge_current());

				     return own ? stop.pid() : -1;
			     }));

	KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), thread.pid());
}

void m25_static_jthread_run_stores_its_handle_before_the_body_runs(kunit *test)
{
	for (int i = 0; i < repeats(10); ++i) {
		expect(test, static_thread.run("kunit", [](stop_token stop) {
			if (!static_thread.joinable() || static_thread.pid() != stop.pid())
				return -1;
			static_thread.request_stop();
			return sleep_until_stopped(stop);
		}));
		KUNIT_EXPECT_EQ(test, static_thread.join().value_or(-1), 7);
		static_thread.reset();
	}
}

void m25_jthread_that_is_stored_before_its_wake_is_there_for_its_body(kunit *test)
{
	for (int i = 0; i < repeats(10); ++i) {
		auto thread = expect(test, jthread::create("kunit", [](stop_token stop) {
					     if (handle->pid() != stop.pid())
						     return -1;
					     handle->request_stop();
					     return sleep_until_stopped(stop);
				     }));

		handle = &thread;
		thread.wake();
		KUNIT_EXPECT_EQ(test, thread.join().value_or(-1), 7);
	}
}
