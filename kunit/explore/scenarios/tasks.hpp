// SPDX-License-Identifier: GPL-2.0
//
// Tasks for the scenarios of executors.
#pragma once

#include "kthread/executor.hpp"
#include "scenario.hpp"

// A task counts here that it has run, and that its frame has been destroyed.
struct witness {
	std::atomic<int> frames{0};
	int runs = 0;
	~witness() { expect(!frames.load(), "each frame is destroyed"); }
};

class in_frame
{
public:
	explicit in_frame(witness &w) : w_(&w)
	{
		w_->frames.fetch_add(1, std::memory_order_relaxed);
	}
	in_frame(in_frame &&other) noexcept : w_(std::exchange(other.w_, nullptr)) {}
	~in_frame()
	{
		if (w_)
			w_->frames.fetch_sub(1, std::memory_order_relaxed);
	}
	witness *operator->() const { return w_; }

private:
	witness *w_;
};

// An executor whose thread waits for tasks already. Some scenarios of tasks.cc explore its start.
inline kthread::result<kthread::executor> sleeping_executor()
{
	one_order();
	auto tasks = kthread::executor::run("tasks");
	all_orders();
	return tasks;
}

inline kthread::task<int> await(in_frame w, kthread::event &e,
				kthread::steady_clock::time_point deadline)
{
	auto came = co_await e.wait(deadline);

	++w->runs;
	co_return came ? 1 : static_cast<int>(came.error());
}

inline kthread::task<void> run(in_frame w)
{
	++w->runs;
	co_return {};
}

constexpr int stopped = static_cast<int>(kthread::errno_t::ECANCELED),
	      late = static_cast<int>(kthread::errno_t::ETIMEDOUT);
