// SPDX-License-Identifier: GPL-2.0
//
// The tests that take a CPU away share this.
#pragma once

#include <utility>

#include "kunit.hpp"

// CPU 1, offline for as long as the object lives, or until on().
class cpu_1_offline
{
public:
	explicit cpu_1_offline(kunit *test) : test_(test)
	{
		if (!kunit_bridge_cpu_is_online(1)) {
			kunit_bridge_skip(test, "there is no second CPU");
			return;
		}
		off_ = !kunit_bridge_remove_cpu(1);
		KUNIT_EXPECT_TRUE(test, off_);
	}
	~cpu_1_offline() { on(); }
	void on()
	{
		if (std::exchange(off_, false))
			KUNIT_EXPECT_EQ(test_, kunit_bridge_add_cpu(1), 0);
	}
	explicit operator bool() const { return off_; }

private:
	kunit *test_;
	bool off_ = false;
};
