// SPDX-License-Identifier: GPL-2.0
//
// What the parts of the torture share. Each has its exclusive objects in each torturer, where the
// outcome of an operation is known, and shared ones, where only what must never be is.
#pragma once

#include <cstddef>
#include <memory>

#include "kthread/jthread.hpp"

#include "torture.h"

namespace torture
{
using namespace std::chrono_literals;
using kthread::errno_t;
using kthread::result;
using kthread::steady_clock;
using kthread::stop_token;

constexpr auto forever = 1h;
constexpr auto patience = std::chrono::seconds(TORTURE_PATIENCE_S);

inline bool check(bool met, const char *file, int line, const char *what, long long left,
		  long long right)
{
	torture_count(TORTURE_CHECKS);
	if (!met)
		torture_failed(file, line, what, left, right);
	return met;
}

#define CHECK(condition)                                                                           \
	torture::check(static_cast<bool>(condition), __FILE__, __LINE__, #condition, 0, 1)
#define CHECK_EQ(left, right)                                                                      \
	([](auto got, auto expected) {                                                             \
		return torture::check(got == expected, __FILE__, __LINE__, #left " == " #right,    \
				      static_cast<long long>(got),                                 \
				      static_cast<long long>(expected));                           \
	}(left, right))

// There is this error, or with errno_t{} none.
#define CHECK_ERROR(got, expected) CHECK_EQ(kthread::to_errno(got), static_cast<int>(expected))

// The error is one of these, or there is none.
template <class T, class... Errors>
bool is_one_of(const result<T> &got, Errors... errors)
{
	return got || ((got.error() == errors) || ...);
}

// Numbers that follow from three others: each step of each torturer has its own, so that what it
// draws does not depend on what came of the steps before.
class random
{
public:
	random(unsigned long long seed, unsigned long long stream, unsigned long long step)
		: state_(mix(mix(mix(seed) ^ stream) ^ step))
	{
	}

	unsigned long long next() { return mix(state_ += 0x9e3779b97f4a7c15); }
	// From 0 up to, and without, the limit.
	unsigned int below(unsigned int limit)
	{
		return static_cast<unsigned int>(((next() >> 32) * limit) >> 32);
	}
	bool one_in(unsigned int n) { return !below(n); }
	// One of a table, as often as its weight says.
	template <class T, std::size_t size>
	const T &choose(const T (&table)[size])
	{
		unsigned int sum = 0;

		for (const T &one : table)
			sum += one.weight;
		unsigned int left = below(sum);
		for (const T &one : table) {
			if (left < one.weight)
				return one;
			left -= one.weight;
		}
		__builtin_unreachable();
	}
	void nap(unsigned int max_us)
	{
		if (const unsigned int us = below(max_us))
			torture_sleep_us(us);
	}

	// Awake, to meet another thread at any of its instructions.
	void spin()
	{
		const auto time = std::chrono::nanoseconds(below(one_in(2) ? 4000 : 60000));
		const auto over = steady_clock::now() + time;

		while (steady_clock::now() < over)
			;
	}

	static unsigned long long mix(unsigned long long x)
	{
		x ^= x >> 31;
		x *= 0x7fb5d329728ea185;
		x ^= x >> 27;
		x *= 0x81dadef4bc2dd44d;
		return x ^ x >> 33;
	}

private:
	unsigned long long state_;
};

// An operation for random::choose(), which takes one with a larger weight more often.
template <class It>
struct operation {
	unsigned int weight;
	const char *name;
	void (*call)(It &it, random &r);
};

// Until another thread has done it, and not for ever.
template <class Condition>
bool eventually(Condition condition)
{
	const auto deadline = steady_clock::now() + patience;

	while (!condition()) {
		if (steady_clock::now() > deadline)
			return condition();
		torture_sleep_us(100);
	}
	return true;
}

// Many may be inside, or one alone who makes, moves and destroys. Not of the library, and without
// the kernel's locks, so that interrupts can ask for it.
class gate
{
public:
	bool try_enter()
	{
		unsigned int was = state_.load();

		do {
			if (was & closed)
				return false;
		} while (!state_.compare_exchange_weak(was, was + 1));
		return true;
	}
	void enter()
	{
		while (!try_enter())
			torture_sleep_us(50);
	}
	void leave() { state_.fetch_sub(1); }

	void close()
	{
		while (state_.fetch_or(closed) & closed)
			torture_sleep_us(50);
		while (state_.load() != closed)
			torture_sleep_us(50);
	}
	void open() { state_.store(0); }

private:
	static constexpr unsigned int closed = 1u << 31;

	std::atomic<unsigned int> state_{0};
};

class visit
{
public:
	explicit visit(gate &gate) : gate_(gate) { gate_.enter(); }
	visit(const visit &) = delete;
	visit &operator=(const visit &) = delete;
	~visit() { gate_.leave(); }

private:
	gate &gate_;
};

// From where nothing can be waited for.
class try_visit
{
public:
	explicit try_visit(gate &gate) : gate_(gate), inside_(gate.try_enter()) {}
	try_visit(const try_visit &) = delete;
	try_visit &operator=(const try_visit &) = delete;
	~try_visit()
	{
		if (inside_)
			gate_.leave();
	}
	explicit operator bool() const { return inside_; }

private:
	gate &gate_;
	const bool inside_;
};

class possession
{
public:
	explicit possession(gate &gate) : gate_(gate) { gate_.close(); }
	possession(const possession &) = delete;
	possession &operator=(const possession &) = delete;
	~possession() { gate_.open(); }

private:
	gate &gate_;
};

// Held by whatever is called, by copies and moves of it too: it knows the record that outlives it,
// and its record how many there are.
template <class Record>
class probe
{
public:
	explicit probe(Record &record) : record_(&record), generation_(record.generation.load())
	{
		++record_->alive;
	}
	probe(probe &&other) noexcept
		: record_(std::exchange(other.record_, nullptr)), generation_(other.generation_)
	{
	}
	probe(const probe &other) : record_(other.record_), generation_(other.generation_)
	{
		++record_->alive;
	}
	probe &operator=(const probe &) = delete;
	~probe()
	{
		if (!record_)
			return;
		CHECK_EQ(magic_, intact);
		magic_ = 0;
		is_alive();
		record_->destroyed();
		--record_->alive;
	}

	// From what is called.
	Record &alive() const
	{
		CHECK_EQ(magic_, intact);
		is_alive();
		return *record_;
	}

private:
	static constexpr unsigned int intact = 0x600df00d;

	void is_alive() const
	{
		CHECK_EQ(record_->generation.load(), generation_);
		CHECK(record_->alive.load() > 0);
	}

	Record *record_;
	unsigned int generation_;
	unsigned int magic_ = intact;
};

struct thread_torture;

// A context that operates.
class torturer
{
public:
	torturer() noexcept = default;
	torturer(const torturer &) = delete;
	torturer &operator=(const torturer &) = delete;
	~torturer();

	bool make(unsigned int id);
	void step(random &r);
	void leave();

	// The operation that comes now.
	void does(const char *what)
	{
		doing_.store(what, std::memory_order_relaxed);
		for (; *what; ++what)
			trail_ = random::mix(trail_ ^ static_cast<unsigned char>(*what));
	}
	[[nodiscard]] const char *doing() const { return doing_.load(std::memory_order_relaxed); }
	[[nodiscard]] unsigned long long trail() const { return trail_; }

private:
	std::atomic<const char *> doing_{""};
	unsigned long long trail_ = 0;
	thread_torture *threads_ = nullptr;
};

// Of threads: those of a torturer, those of all.
thread_torture *make_thread_torture();
void destroy(thread_torture *threads);
void torture_own_thread(torturer &self, thread_torture &threads, random &r);
void torture_group(torturer &self, random &r);
bool make_shared_threads();
void destroy_shared_threads();
void torture_shared_thread(torturer &self, random &r);
void interrupt_shared_thread(random &r);

// Of workers and their items.
void torture_own_worker(torturer &self, random &r);
bool make_shared_work();
void destroy_shared_work();
void torture_shared_work(torturer &self, random &r);
void interrupt_shared_work(random &r);

// Of tasks and their executors.
void torture_own_tasks(torturer &self, random &r);
bool make_shared_tasks();
void destroy_shared_tasks();
void torture_shared_tasks(torturer &self, random &r);
void interrupt_shared_tasks(random &r);

void torture_percpu(torturer &self, random &r);
void interrupt_percpu(random &r);
bool make_percpu();
void destroy_percpu();
} // namespace torture
