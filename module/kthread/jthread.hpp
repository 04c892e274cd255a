// SPDX-License-Identifier: GPL-2.0
//
// std::jthread, remade for the kernel's threads:
//
//	kthread::result<kthread::jthread> start(std::atomic<long> &ticks)
//	{
//		return kthread::jthread::run("ticker", [&ticks](kthread::stop_token stop) {
//			while (!stop.stop_requested()) {
//				++ticks;
//				stop.sleep_for(1s);
//			}
//			return 0;
//		});
//	}
//
// The thread ends at the latest where the handle does: its destructor stops it and waits.
#pragma once

#include <concepts>
#include <memory>

#include "kthread/errno.hpp"
#include "kthread/stop_token.hpp"

namespace kthread
{
// A body is called as int(stop_token).
template <class F>
concept thread_body = std::same_as<decltype(std::declval<F &>()(std::declval<stop_token>())), int>;

// For the library: the state and the callable, in one piece of memory.
template <class F>
struct thread_block final : thread_state {
	F body;

	template <class G>
	thread_block(void (*destroy)(thread_state *), lock_site site, G &&g)
		: thread_state(destroy, site), body(std::forward<G>(g))
	{
	}

	static int entry(void *self)
	{
		auto *block = static_cast<thread_block *>(self);

		return block->call(block->body, stop_token(*block));
	}
};

// A printf-style name, checked by the compiler: jthread::run(name("beat/%u", cpu), body). It is cut after
// 63 characters, of which the kernel shows 15 in most places. Context: any. Lifetime: until the call that
// takes it returns, as the kernel copies it. Wraps vsnprintf().
class name
{
public:
	// Writes the text.
	[[gnu::format(printf, 2, 3)]] explicit name(const char *format, ...);

	// The text, which ends with a zero.
	operator const char *() const { return text_; }
	[[nodiscard]] const char *c_str() const { return text_; }

private:
	char text_[64];
};

// The operations on a thread that all handles have. Several contexts may call them at once, and an empty
// handle, which has no thread, takes them too. Only one context at a time may create, move or reset a
// handle. Lifetime: until the last of these calls has returned. Implemented with struct task_struct.
class thread_handle
{
public:
	// Starts a created thread, or ends the sleep of a running one. True if it was asleep. Context:
	// hard interrupt. Wraps wake_up_process().
	bool wake() { return state_ && state_->wake(); }

	// Asks the thread to end and wakes it, without waiting. A parked thread sees the request when it
	// is unparked or joined. Context: hard interrupt. Wraps wake_up_process().
	void request_stop()
	{
		if (state_)
			state_->request_stop();
	}

	// Waits until the body has returned by itself or after a request_stop(), and gives the body's
	// result. Later calls, and calls of several contexts at once, give the same. A thread that was
	// not started ends without having run. Context: may sleep.
	// Errors: EINTR if the body was never called; EDEADLK from the thread itself; ESRCH if empty.
	// Wraps kthread_stop().
	result<int> join();

	// Calls request_stop() and join(). Called by the thread itself it does nothing. Context: may sleep.
	// Errors: those of join(). Wraps kthread_stop().
	result<int> stop();

	// Gives what the body returned, without waiting. Context: any.
	// Errors: EAGAIN before the body has returned; EINTR if it was never called; ESRCH if empty.
	[[nodiscard]] result<int> get() const
	{
		if (!state_)
			return std::unexpected(errno_t::ESRCH);
		return state_->get();
	}

	// The stage of the thread's life. Context: any.
	[[nodiscard]] thread_progress progress() const
	{
		return state_ ? state_->progress() : thread_progress::none;
	}

	// Asks the thread to park at its next sleep or yield(), and waits until it has parked. A thread
	// that was not started parks before its body. Context: may sleep, as long as the body takes to
	// get there.
	// Errors: EBUSY if it is parked; ESRCH if it has ended or if empty; EDEADLK from the thread
	// itself. Wraps kthread_park().
	result<void> park();

	// Ends the parking of a thread, which goes on. Context: may sleep.
	// Errors: EINVAL if it is not parked; ESRCH if it has been joined or if empty.
	// Wraps kthread_unpark().
	result<void> unpark();

	// Binds the thread to one CPU; no user can change that. It has to be called before the first
	// wake(), request_stop() or join(); one of these that comes meanwhile takes effect afterwards.
	// Context: may sleep.
	// Errors: EBUSY after the start; EINVAL if there is no such CPU online; ESRCH if empty.
	// Wraps kthread_bind().
	result<void> bind(unsigned int cpu);

	// Binds the thread to a list of CPUs such as "0-3,8". A thread that was bound before its start can
	// be bound again while it is parked: the kernel undoes a binding when all of its CPUs go offline.
	// Context: may sleep.
	// Errors: those of bind(); ENOMEM. Wraps kthread_bind(), set_cpus_allowed_ptr().
	result<void> bind_list(const char *cpus);

	// Sets the thread's scheduling policy, at any time of its life. nice is -20 to 19. Context: may sleep.
	// Errors: EINVAL for another nice; ESRCH if empty.
	// Wrap set_user_nice(), sched_set_fifo(), sched_set_fifo_low(), sched_set_normal().
	result<void> set_nice(int nice) { return set_if(is_nice(nice), set_user_nice, nice); }
	result<void> set_fifo() { return set_if(true, sched_set_fifo); }
	result<void> set_fifo_low() { return set_if(true, sched_set_fifo_low); }
	result<void> set_normal(int nice) { return set_if(is_nice(nice), sched_set_normal, nice); }

	// Whether the handle has a thread, ended or not. Context: any.
	[[nodiscard]] bool joinable() const noexcept { return state_; }

	// The thread's process id as ps shows it, 0 if empty. Context: any.
	[[nodiscard]] int pid() const { return state_ ? bridge_task_pid(state_->task) : 0; }

	// The CPU that the thread ran on last, and its state by the letter that ps shows: R runs or could
	// run, I sleeps idle, P is parked, X has ended; 0 if empty. Context: any.
	[[nodiscard]] unsigned int cpu() const
	{
		return state_ ? bridge_task_cpu(state_->task) : 0;
	}
	[[nodiscard]] char state() const { return state_ ? bridge_task_state(state_->task) : '\0'; }

	thread_handle(const thread_handle &) = delete;
	thread_handle &operator=(const thread_handle &) = delete;

protected:
	constexpr thread_handle() noexcept = default;
	constexpr explicit thread_handle(thread_state *state) noexcept : state_(state) {}
	~thread_handle() = default;

	// Stops and joins the thread, destroys the body, and leaves the handle empty. Called by the thread
	// itself it reports that, requests a stop and returns false.
	bool try_reset();

	// After a try_reset() that returned false: the thread frees everything at its end. The module cannot
	// be unloaded until then.
	void orphan() { state_->orphan_thread(); }

	// The common part of creation: state_ has been made, or there was no memory.
	result<void> create(int (*entry)(void *), const char *name, int node, bool wake);

	thread_state *state_ = nullptr;

private:
	// The kernel takes any number, and wraps it.
	static constexpr bool is_nice(int nice) { return nice >= -20 && nice <= 19; }

	template <class Set, class... Args>
	result<void> set_if(bool valid, Set set, Args... args)
	{
		might_sleep();
		if (!state_)
			return std::unexpected(errno_t::ESRCH);
		if (!valid)
			return std::unexpected(errno_t::EINVAL);
		set(state_->task, args...);
		return {};
	}
};

// A kernel thread and its body, which is kept on the heap. Move-only. Lifetime: the thread ends at the
// latest with its handle, and with it the body and its captures. Implemented with struct task_struct.
class jthread : public thread_handle
{
public:
	jthread() noexcept = default;
	jthread(jthread &&other) noexcept : thread_handle(std::exchange(other.state_, nullptr)) {}
	jthread &operator=(jthread &&other) noexcept
	{
		jthread moved(std::move(other));
		std::swap(state_, moved.state_);
		return *this;
	}
	// Stops the thread, waits for it, and destroys the body. A thread that destroys its own handle
	// cannot wait: dmesg reports it, the thread frees everything at its end, and the module cannot be
	// unloaded until then. Context: may sleep. Wraps kthread_stop().
	~jthread()
	{
		if (state_ && !try_reset())
			orphan();
	}

	// Creates a thread that does not run yet; wake() starts it. The body is called as int(stop_token)
	// and lives, with its captures, as long as the handle has its thread. The name is plain text;
	// class name takes a format. Until it is woken the thread is in state D and counts for the load
	// average, so that time should be short, or spent parked. node is the NUMA node of its memory.
	// Context: may sleep.
	// Errors: ENOMEM; EINVAL if no such node is online; EINTR when the caller is being killed.
	// Wraps kthread_create_on_node().
	template <class F>
	[[nodiscard("without its handle the thread is stopped at once")]] static result<jthread>
	create(const char *name, F &&body, int node = BRIDGE_NO_NODE,
	       lock_site site = lock_site::current())
	{
		return make(name, std::forward<F>(body), node, false, site);
	}

	// Calls create() and wake(). The body may run before the handle is stored, so it uses its token and
	// not the handle. Context: may sleep. Errors: those of create(). Wraps kthread_run().
	template <class F>
	[[nodiscard("without its handle the thread is stopped at once")]] static result<jthread>
	run(const char *name, F &&body, int node = BRIDGE_NO_NODE,
	    lock_site site = lock_site::current())
	{
		return make(name, std::forward<F>(body), node, true, site);
	}

private:
	explicit jthread(thread_state *state) noexcept : thread_handle(state) {}

	template <class F>
	static result<jthread> make(const char *name, F &&body, int node, bool wake, lock_site site)
	{
		using body_type = std::decay_t<F>;
		static_assert(thread_body<body_type>,
			      "a thread's body is called as int(kthread::stop_token)");
		using block = thread_block<body_type>;

		return make(new (std::nothrow) block(
				    [](thread_state *self) { delete static_cast<block *>(self); },
				    site, std::forward<F>(body)),
			    block::entry, name, node, wake);
	}

	// What is the same for each body.
	static result<jthread> make(thread_state *state, int (*entry)(void *), const char *name,
				    int node, bool wake)
	{
		jthread thread(state);

		if (auto created = thread.thread_handle::create(entry, name, node, wake); !created)
			return std::unexpected(created.error());
		return thread;
	}
};

// A handle that holds a body of up to capacity bytes and needs no heap. It can be static and constinit. It
// has no destructor, because modules run none for static objects. The thread points at the handle, so a
// handle does not move. Implemented with struct task_struct. Lifetime: call reset() before the module, or
// the object around the handle, goes. If a module goes without that, dmesg names the thread, and the
// library stops it before the module's memory is freed.
template <std::size_t capacity = 4 * sizeof(void *)>
class static_jthread : public thread_handle
{
public:
	constexpr static_jthread() noexcept = default;
	~static_jthread() = default;

	// Does what jthread::create() and jthread::run() do, with an empty handle. Context: may sleep.
	// Errors: those of jthread::create(); EBUSY if the handle has a thread.
	template <class F>
	[[nodiscard]] result<void> create(const char *name, F &&body, int node = BRIDGE_NO_NODE,
					  lock_site site = lock_site::current())
	{
		return make(name, std::forward<F>(body), node, false, site);
	}
	template <class F>
	[[nodiscard]] result<void> run(const char *name, F &&body, int node = BRIDGE_NO_NODE,
				       lock_site site = lock_site::current())
	{
		return make(name, std::forward<F>(body), node, true, site);
	}

	// Stops the thread, waits for it and destroys the body. Another thread can be created then. Called by
	// the thread itself, dmesg reports it and the handle keeps its thread. Context: may sleep.
	void reset() { (void)thread_handle::try_reset(); }

private:
	template <class F>
	result<void> make(const char *name, F &&body, int node, bool wake, lock_site site)
	{
		using body_type = std::decay_t<F>;
		static_assert(thread_body<body_type>,
			      "a thread's body is called as int(kthread::stop_token)");
		using block = thread_block<body_type>;
		static_assert(sizeof(block) <= sizeof(storage_) &&
				      alignof(block) <= alignof(void *),
			      "the body does not fit into this static_jthread");

		if (state_)
			return std::unexpected(errno_t::EBUSY);
		state_ = new (static_cast<void *>(storage_)) block(
			[](thread_state *self) { std::destroy_at(static_cast<block *>(self)); },
			site, std::forward<F>(body));
		return thread_handle::create(block::entry, name, node, wake);
	}

	alignas(void *) unsigned char storage_[sizeof(thread_state) + capacity] = {};
};
} // namespace kthread
