// SPDX-License-Identifier: GPL-2.0
//
// What the tests of workers and their items share.
#pragma once

#include <span>

#include "kthread/worker.hpp"

#include "fixture.hpp"

using kthread::delayed_work;
using kthread::delayed_work_item;
using kthread::work;
using kthread::work_item;
using kthread::worker;

inline worker run(kunit *test)
{
	return expect(test, worker::run("kunit"));
}

template <class Call>
void expect_at_once(kunit *test, Call call)
{
	const auto start = steady_clock::now();

	call();
	KUNIT_EXPECT_TRUE(test, steady_clock::now() - start < soon);
}

// An item that keeps its worker busy until it is opened, or too long.
struct gate {
	std::atomic<bool> entered{false};
	std::atomic<bool> open{false};

	void operator()()
	{
		const auto deadline = steady_clock::now() + 2 * soon;

		entered = true;
		while (!open && steady_clock::now() < deadline)
			kunit_bridge_sleep_ms(1);
	}
};

// A worker whose thread is in a gate.
struct busy {
	busy(kunit *test, const worker &w) : item(w, passage{closed})
	{
		KUNIT_EXPECT_TRUE(test, item.queue());
		expect_soon(test, [this] { return closed.entered.load(); });
	}
	~busy() { closed.open = true; }
	void open() { closed.open = true; }

	struct passage {
		gate &in;
		void operator()() { in(); }
	};
	gate closed;
	work<passage> item;
};

struct log {
	int seen[16] = {};
	int size = 0;

	void add(int n)
	{
		if (size < 16)
			seen[size++] = n;
	}
	bool is(std::span<const int> expected) const
	{
		bool same = static_cast<std::size_t>(size) == expected.size();
		for (int i = 0; same && i < size; ++i)
			same = seen[i] == expected[static_cast<std::size_t>(i)];
		return same;
	}
};

// Writes its number.
struct entry {
	log &to;
	int n;
	void operator()() { to.add(n); }
};
