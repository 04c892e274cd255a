// SPDX-License-Identifier: GPL-2.0
//
// A scope that ends where one of its own tasks runs.
#include "task_fixture.hpp"

// It goes on, stopped, when the others of the scope have ended.
void scope_that_its_own_task_ends_is_reported(kunit *test)
{
	std::atomic<int> ended{0}, frames{0};
	struct of {
		static task<int> end(std::unique_ptr<scope> own, std::atomic<int> &ended,
				     std::atomic<int> &frames, counted_frame)
		{
			own.reset();
			const int left = frames;
			auto slept = co_await this_task::sleep_for(10s);

			ended = left == 1 && !slept ? 7 : 1;
			co_return 0;
		}
		static task<void> wait(event &e, counted_frame)
		{
			auto came = co_await e.wait();

			co_return came;
		}
	};
	{
		const auto tasks = run_tasks(test);
		auto own = std::unique_ptr<scope>(new (std::nothrow) scope(tasks));
		event e;

		KUNIT_EXPECT_TRUE(test, own);
		if (!own)
			return;
		scope &all = *own;
		expect(test, all.spawn(of::wait(e, counted_frame(frames))));
		expect(test,
		       all.spawn(of::end(std::move(own), ended, frames, counted_frame(frames))));
		expect_soon(test, [&] { return ended != 0; });
	}
	KUNIT_EXPECT_EQ(test, ended.load(), 7);
	KUNIT_EXPECT_EQ(test, frames.load(), 0);
}
