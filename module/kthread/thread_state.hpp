// SPDX-License-Identifier: GPL-2.0
//
// The state of a thread, which its owners and its body share. It is for the headers of the library:
//
//	bool is_done(const kthread::thread_state &state)
//	{
//		return state.has_ended();
//	}
#pragma once

#include <atomic>
#include <utility>

#include "kthread/context.hpp"
#include "kthread/errno.hpp"
#include "kthread/locking.hpp"

namespace kthread
{
// How far a thread has come.
enum class thread_progress : unsigned char {
	none,      // there is no thread
	created,   // it waits for its first wake()
	started,   // it has been woken, or parked before that
	running,   // the body has been called
	returned,  // the body is done
	cancelled, // stopped before the body was called
};

// For the library: what the owners and the thread share. It lives until the owner has joined the thread and
// gives it up.
//
// One word holds the stage of the thread's life and the requests of others. Each step changes the word once
// and sees both. Only start() lets the kernel wake a thread that has not been woken yet. The kernel binds only
// such threads, so bind() keeps start() from waking the thread for that time.
struct thread_state : bridge_link {
	// What others ask of the thread. The body takes no notice of join, by which an owner waits for its
	// end, and of orphan, which says that the handle is gone.
	enum request : unsigned int { stop = 1, park = 2, join = 4, orphan = 8, requests = 15 };
	// The stages, in their order. If a thread is started while bind() is at work, bind() wakes it at its
	// end.
	enum stage : unsigned int {
		created = 0x10,
		binding = 0x20,
		starting = 0x30, // binding, and to be woken after that
		started = 0x40,
		running = 0x50,
		returned = 0x60,
		cancelled = 0x70,
	};

	std::atomic<unsigned int> word{created};
	int exit_code = 0;
	task_struct *task = nullptr; // referenced, as owners look at it after its end
	void (*const destroy)(thread_state *);
	[[no_unique_address]] lockdep_map map; // entered while the body runs

	// One owner at a time binds, parks, unparks and joins.
	sleeping_lock owners;
	bool bound KTHREAD_GUARDED_BY(owners) = false;
	bool parked KTHREAD_GUARDED_BY(owners) = false;
	bool joined KTHREAD_GUARDED_BY(owners) = false;
	bool freezable = false; // the thread's own

	thread_state(void (*destroy)(thread_state *), lock_site site) : destroy(destroy), map(site)
	{
	}

	[[nodiscard]] static constexpr unsigned int stage_of(unsigned int word)
	{
		return word & ~static_cast<unsigned int>(requests);
	}
	[[nodiscard]] bool has_ended() const { return stage_of(word.load()) >= returned; }
	[[nodiscard]] thread_progress progress() const;

	// Adds a request, and lets a thread that was not woken begin its life. Returns the word as it was.
	unsigned int start(unsigned int request = 0);
	// True if the caller of start() has to wake the thread, false if bind() does that.
	[[nodiscard]] static constexpr bool is_for_caller(unsigned int was)
	{
		return stage_of(was) != binding && stage_of(was) != starting;
	}

	// The first call starts the thread. Returns true if the thread was asleep. Context: hard interrupt.
	bool wake()
	{
		if (stage_of(word.load(std::memory_order_relaxed)) < started &&
		    !is_for_caller(start())) [[unlikely]]
			return true;
		return wake_up_process(task);
	}

	// Context: hard interrupt.
	void request_stop();

	// For one CPU if cpus is null. These may sleep, and are the handle's.
	result<void> bind(const char *cpus, unsigned int cpu);
	result<void> park_thread();
	result<void> unpark_thread();
	result<int> join_thread();
	bool stop_and_wait();
	[[nodiscard]] result<int> get() const;
	void orphan_thread();
	void release();

	// The thread's own part.
	template <class F, class Token>
	int call(F &body, Token token)
	{
		if (!begin())
			return end(cancelled, static_cast<int>(errno_t::EINTR));
		map.enter();
		const int code = body(token);
		map.leave();
		return end(returned, code);
	}
	void park_here();
	void freeze_here();

private:
	unsigned int ask_to_stop();
	void wait_for_end();
	void unpark_or_wake() KTHREAD_REQUIRES(owners);
	void finish_binding();
	void set_stage(unsigned int stage);
	bool begin();
	int end(unsigned int how, int code);
};
} // namespace kthread
