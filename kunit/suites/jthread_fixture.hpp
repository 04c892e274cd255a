// SPDX-License-Identifier: GPL-2.0
//
// What the tests of jthread share.
#pragma once

#include "fixture.hpp"

// A body that counts how often it comes round. Its thread runs unless it is parked or stopped.
struct counter {
	std::atomic<unsigned int> beats{0};

	auto body()
	{
		return [this](stop_token stop) {
			while (!stop.stop_requested()) {
				++beats;
				stop.sleep_for(1ms);
			}
			return 7;
		};
	}
	bool beats_on()
	{
		const unsigned int before = beats;
		const auto deadline = steady_clock::now() + soon;

		while (beats == before && steady_clock::now() < deadline)
			kunit_bridge_sleep_ms(1);
		return beats != before;
	}
	bool stands_still()
	{
		const unsigned int before = beats;

		kunit_bridge_sleep_ms(30);
		return beats == before;
	}
};
