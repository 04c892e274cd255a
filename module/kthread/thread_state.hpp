// SPDX-License-Identifier: GPL-2.0
//
// The state of a thread, which its owners and its body share. It is for the headers of the library:
//
//	bool is_done(const kthread::thread_state &state)
//	{
//		return state.has_ended();
//	}
#pragma once

#include <memory>

#include "kthread/clock.hpp"
#include "kthread/errno.hpp"
#include "kthread/locking.hpp"
#include "kthread/stop_state.hpp"

namespace kthread
{
class stop_token;

// How far a thread has come.
enum class thread_progress : unsigned char {
	none,      // there is no thread
	created,   // it waits for its first wake()
	started,   // it has been woken, or parked before that
	running,   // the body has been called
	returned,  // the body is done
	cancelled, // stopped before the body was called
};

// For the library: what the owners, the thread and its tokens share. The handle holds one reference, which a
// thread takes over that is detached.
//
// One word holds the stage of the thread's life and the requests of others. Each step changes the word once
// and sees both. Only start() lets the kernel wake a thread that has not been woken yet. The kernel binds only
// such threads, so bind() keeps start() from waking the thread for that time.
struct thread_state : bridge_link, stop_state {
	// The stages, in their order. If a thread is started while bind() is at work, bind() wakes it at its
	// end.
	enum stage : unsigned int {
		created = 0x80,
		binding = 0x100,
		starting = 0x180, // binding, and to be woken after that
		started = 0x200,
		running = 0x280,
		returned = 0x300,
		cancelled = 0x380,
	};

	int exit_code = 0; // what the body has returned
	// One owner at a time binds, parks, unparks and joins.
	bool bound KTHREAD_GUARDED_BY(owners) = false;
	bool unbinds = false; // when its body is called; written while the stage is binding
	std::atomic<bool> parked{false}, joined{false}; // written by such an owner
	task_struct *task = nullptr; // referenced, as owners look at it after its end
	// What the type of the body is needed for. Others than the thread destroy a body that was never called.
	enum class action : unsigned char { call, destroy_body, free };
	int (*const act)(thread_state *, action);
	[[no_unique_address]] lockdep_map map; // entered while the body runs

	sleeping_lock owners;

	thread_state(int (*act)(thread_state *, action), lock_site site)
		: stop_state(created), act(act), map(site)
	{
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

	// True for the first request. Context: hard interrupt.
	bool request_stop();

	// For one CPU if cpus is null. These may sleep, and are the handle's.
	result<void> bind(const char *cpus, unsigned int cpu);
	result<void> set_affinity(const char *cpus);
	result<void> park_thread();
	result<void> unpark_thread();
	result<int> join_thread(steady_clock::time_point deadline);
	bool stop_and_wait(bool asks = true);
	static void left_behind(bridge_link *link, bridge_end how);
	[[nodiscard]] result<int> get() const;
	void wait_until_called();
	result<void> detach_thread();
	void orphan_thread();
	void release();

	// The same function for all, by which the library knows its threads.
	static int entry(void *self);
	// The thread's own part. The body dies in its thread, whether it was called or not.
	template <class F, class Call>
	int call(F &body, Call call_body)
	{
		const bool is_called = begin();
		int code = static_cast<int>(errno_t::EINTR);

		map.enter();
		if (is_called)
			code = call_body(body);
		std::destroy_at(&body);
		map.leave();
		return end(is_called ? returned : cancelled, code);
	}
	void park_here();
	bool freeze_here(); // true if it was frozen

	// For a task that joins. Whether the thread has ended; if not, its end wakes the task.
	bool ends_for_task();
	// Lets a thread go on that is parked as the join begins, or that is stopped and would not see it. Returns what
	// try_unpark() does.
	bool goes_on_for_task(bool begins);

private:
	// Those who sleep on the word.
	void wake_joiners() const;
	// The first task that joins tells how tasks are woken, so that a module without tasks has no code for them.
	static std::atomic<void (*)(const void *word)> wake_tasks;

	unsigned int ask_to_stop();
	void wake_and_call(unsigned int was);
	void unpark_or_wake() KTHREAD_REQUIRES(owners);
	bool try_unpark();
	void ask_forgotten();
	bool begin_binding();
	void finish_binding();
	unsigned int set_stage(unsigned int stage);
	bool begin();
	int end(unsigned int how, int code);
};
} // namespace kthread
