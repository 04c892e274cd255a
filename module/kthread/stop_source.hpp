// SPDX-License-Identifier: GPL-2.0
//
// std::stop_source: requests a stop of all that have a token of it, whether they are threads or not.
//
//	kthread::result<void> watch(kthread::stop_token stop, kthread::stop_source &children)
//	{
//		auto made = kthread::stop_source::create();
//
//		if (!made)
//			return std::unexpected(made.error());
//		children = std::move(*made);
//		// Whoever stops the parent stops the children.
//		kthread::stop_callback both(stop, [&children] { children.request_stop(); });
//		auto asked = children.get_token();
//		while (!asked.stop_requested())
//			asked.sleep_for(1s);
//		return {};
//	}
#pragma once

#include "kthread/stop_callback.hpp"

namespace kthread
{
// Says that a stop_source has no state. Lifetime: it is a value. Context: any.
struct nostopstate_t {
	explicit nostopstate_t() = default;
};
inline constexpr nostopstate_t nostopstate{};

// Requests a stop. Copies refer to the same request. A thread's comes from jthread::get_stop_source().
// Lifetime: it may outlive the thread. The last source or token to go frees memory, and may sleep.
// Implemented with std::atomic.
class stop_source
{
public:
	// Makes a source that has a state. Context: may sleep. Errors: ENOMEM. Wraps kmalloc().
	[[nodiscard]] static result<stop_source> create();

	// Has no state: no stop can be requested. Use create(), which can tell that there is no memory.
	// Context: any.
	stop_source() noexcept = default;
	explicit stop_source(nostopstate_t) noexcept {}
	// Copies and moves refer to the same request. Context: hard interrupt.
	stop_source(const stop_source &other) noexcept : state_(other.state_) { count(); }
	stop_source(stop_source &&other) noexcept = default;
	stop_source &operator=(stop_source other) noexcept
	{
		swap(other);
		return *this;
	}
	// Context: hard interrupt; the last that holds the state may sleep.
	~stop_source();

	// A token that tells whether a stop was requested here. Context: hard interrupt.
	[[nodiscard]] stop_token get_token() const noexcept { return stop_token(state_); }
	// Whether there is a state, and whether a stop was requested. Context: any.
	[[nodiscard]] bool stop_possible() const noexcept { return static_cast<bool>(state_); }
	[[nodiscard]] bool stop_requested() const noexcept
	{
		return state_ && state_->word.load(std::memory_order_acquire) & stop_state::stop;
	}

	// Requests the stop, and wakes the thread if it is a thread's. True if this is the first request; it
	// has called the callbacks then. Context: hard interrupt, if the callbacks allow it.
	// Wraps wake_up_process().
	bool request_stop() const { return state_ && state_->request_stop(); }

	// Whether both refer to the same request. Context: any.
	friend bool operator==(const stop_source &one, const stop_source &other) noexcept
	{
		return one.state_ == other.state_;
	}
	void swap(stop_source &other) noexcept { std::swap(state_, other.state_); }
	friend void swap(stop_source &one, stop_source &other) noexcept { one.swap(other); }

private:
	friend class thread_handle;

	explicit stop_source(stop_ref state) noexcept : state_(std::move(state)) {}
	void count() noexcept;

	stop_ref state_;
};

inline result<stop_source> stop_source::create()
{
	auto *const state = new (std::nothrow) source_state;

	if (!state)
		return std::unexpected(errno_t::ENOMEM);
	return stop_source(stop_ref(static_cast<stop_state *>(state)));
}

inline void stop_source::count() noexcept
{
	if (state_ && !state_->is_thread())
		static_cast<source_state *>(state_.get())
			->sources.fetch_add(1, std::memory_order_relaxed);
}

inline stop_source::~stop_source()
{
	if (state_ && !state_->is_thread())
		static_cast<source_state *>(state_.get())
			->sources.fetch_sub(1, std::memory_order_relaxed);
}
} // namespace kthread
