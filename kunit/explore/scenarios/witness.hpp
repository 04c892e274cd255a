// SPDX-License-Identifier: GPL-2.0
//
// What the scenarios of tasks share.
#pragma once

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
