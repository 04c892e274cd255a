// SPDX-License-Identifier: GPL-2.0
//
// The memory that a stop request is made in, which tokens, sources and callbacks share. It is for the headers of
// the library:
//
//	bool is_asked(const kthread::stop_state &state)
//	{
//		return state.word.load() & kthread::stop_state::stop;
//	}
#pragma once

#include <atomic>
#include <utility>

#include "kthread/clock.hpp"
#include "kthread/context.hpp"

namespace kthread
{
// For the library: a stop request, and how many hold the memory of it. It is a part of a thread_state, or of a
// source_state. Each change of the word is one atomic step.
struct stop_state {
	// What others ask of a thread. Its body takes no notice of join, by which others sleep on the word
	// until a stop request, a stage of a thread's life or a park, and of orphan, which says that the handle is
	// gone. A state has been watched if a stop_callback was ever registered for it; freezes is the
	// thread's own. One that is lent lies in memory whose owner waits until nobody refers to it.
	enum request : unsigned int {
		stop = 1,
		park = 2,
		join = 4,
		orphan = 8,
		watched = 16,
		freezes = 32,
		lent = 64,
		requests = 127
	};

	std::atomic<unsigned int> word;
	std::atomic<unsigned int> refs{1};

	constexpr explicit stop_state(unsigned int word) : word(word) {}

	// The stage of a thread's life, 0 if this is no thread's.
	[[nodiscard]] static constexpr unsigned int stage_of(unsigned int word)
	{
		return word & ~static_cast<unsigned int>(requests);
	}
	[[nodiscard]] bool is_thread() const
	{
		return stage_of(word.load(std::memory_order_relaxed));
	}

	// Whether somebody is left who can request it. Context: any.
	[[nodiscard]] bool is_stop_possible() const;

	// True for the first request. It has called the callbacks when it returns. Context: hard interrupt.
	bool request_stop();

	// Context: hard interrupt; the last put() may sleep.
	void hold() { refs.fetch_add(1, std::memory_order_relaxed); }
	void put()
	{
		if (refs.fetch_sub(1) == 1)
			destroy();
	}

	// Waits until only the caller holds it, and reports who does that: the owner of memory that cannot be left
	// to the others. Context: may sleep.
	void wait_for_others(const char *owner);

protected:
	// Sleeps until a thread has come to a stage, or, for those of these that are in or_request, until a stop is
	// requested, the thread is parked, or the memory is no longer lent. Whoever changes that wakes those who sleep on
	// the word. Returns false if the time is over before. Context: may sleep.
	bool wait_for(unsigned int stage, unsigned int or_request = 0,
		      steady_clock::time_point deadline = steady_clock::time_point::max()) const;
	static constexpr unsigned int no_stage = ~0U;

	// After the word has got the first stop request, if the state has been watched.
	void call_callbacks() { callbacks.load(std::memory_order_relaxed)(this); }

private:
	friend class stop_callback_base;

	void destroy();

	// The first callback of the module tells how they are called, so that a module without callbacks has no
	// code for them.
	static std::atomic<void (*)(stop_state *)> callbacks;
};

// For the library: the state of sources that are no thread's.
struct source_state final : stop_state {
	std::atomic<unsigned int> sources{1};

	source_state() : stop_state(0) {}
};

inline bool stop_state::is_stop_possible() const
{
	const unsigned int now = word.load(std::memory_order_acquire);

	return now & stop || stage_of(now) ||
	       static_cast<const source_state *>(this)->sources.load(std::memory_order_relaxed);
}

// For the library: holds a state, or none.
class stop_ref
{
public:
	constexpr stop_ref() noexcept = default;
	explicit stop_ref(stop_state &state) noexcept : state_(&state) { state.hold(); }
	// Takes over what the caller holds.
	constexpr explicit stop_ref(stop_state *state) noexcept : state_(state) {}
	stop_ref(const stop_ref &other) noexcept : state_(other.state_)
	{
		if (state_)
			state_->hold();
	}
	stop_ref(stop_ref &&other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
	stop_ref &operator=(stop_ref other) noexcept
	{
		std::swap(state_, other.state_);
		return *this;
	}
	~stop_ref()
	{
		if (state_)
			state_->put();
	}

	[[nodiscard]] stop_state *get() const noexcept { return state_; }
	stop_state *operator->() const noexcept { return state_; }
	explicit operator bool() const noexcept { return state_; }
	friend bool operator==(const stop_ref &one, const stop_ref &other) noexcept
	{
		return one.state_ == other.state_;
	}

private:
	stop_state *state_ = nullptr;
};
} // namespace kthread
