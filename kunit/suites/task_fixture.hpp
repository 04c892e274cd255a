// SPDX-License-Identifier: GPL-2.0
//
// What the tests of tasks share.
#pragma once

#include "kthread/executor.hpp"

#include "fixture.hpp"

using kthread::co_ticker;
using kthread::event;
using kthread::executor;
using kthread::job;
using kthread::scope;
using kthread::task;
namespace this_task = kthread::this_task;

inline executor run_tasks(kunit *test)
{
	return expect(test, executor::run("kunit"));
}

inline task<int> ends_at_once()
{
	co_return 7;
}

// Tasks begin in the order in which they were spawned: those that were spawned before have begun then.
inline void wait_until_all_have_begun(kunit *test, const executor &tasks)
{
	job<int> last(tasks);

	expect(test, last.spawn(ends_at_once()));
	KUNIT_EXPECT_EQ(test, last.join().value_or(-1), 7);
}

// Counts the frames that are there: a parameter of a task by value.
class counted_frame
{
public:
	explicit counted_frame(std::atomic<int> &frames) : frames_(&frames) { ++*frames_; }
	counted_frame(counted_frame &&other) noexcept
		: frames_(std::exchange(other.frames_, nullptr))
	{
	}
	~counted_frame()
	{
		if (frames_)
			--*frames_;
	}

private:
	std::atomic<int> *frames_;
};
