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

#include "kthread/stop_source.hpp"
#include "kthread/this_thread.hpp"
#include "kthread/thread_body.hpp"

namespace kthread
{
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

// For the library: a name beside the place in the source that gives it, for functions that take any number of
// arguments.
struct site_name {
	const char *text;
	lock_site site;

	constexpr site_name(const char *text, lock_site site = lock_site::current())
		: text(text), site(site)
	{
	}
	site_name(const name &text, lock_site site = lock_site::current())
		: text(text.c_str()), site(site)
	{
	}
};

// The operations on a thread that all handles have. Several contexts may call them at once, and an empty
// handle, which has no thread, takes them too. Only one context at a time may create, move, reset or
// detach a handle. Lifetime: until the last of these calls has returned. Implemented with struct task_struct.
class thread_handle
{
public:
	// Starts a created thread, or ends the sleep of a running one. True if it was asleep. Context:
	// hard interrupt. Wraps wake_up_process().
	bool wake() { return state_ && state_->wake(); }

	// Asks the thread to end and wakes it, without waiting. A parked thread sees the request when it
	// is unparked or joined. True if this is the first request; it has called the callbacks of the
	// thread's tokens then. Context: hard interrupt, if the callbacks allow it.
	// Wraps wake_up_process().
	bool request_stop() { return state_ && state_->request_stop(); }

	// By these, others see that a stop was requested, and request it. They may outlive the thread.
	// Context: hard interrupt.
	[[nodiscard]] stop_token get_stop_token() const noexcept
	{
		return state_ ? stop_token(stop_ref(*static_cast<stop_state *>(state_)))
			      : stop_token();
	}
	[[nodiscard]] stop_source get_stop_source() noexcept
	{
		return state_ ? stop_source(stop_ref(*static_cast<stop_state *>(state_)))
			      : stop_source();
	}

	// Waits until the body has returned by itself or after a request_stop(), and gives the body's
	// result. The body's captures are destroyed then. Later calls, and calls of several contexts at once,
	// give the same. A thread that was not started ends without having run. Context: may sleep.
	// Errors: EINTR if the body was never called; EDEADLK from the thread itself; ESRCH if empty.
	// Wraps kthread_stop().
	result<int> join();

	// Do the same, but not longer than for this time or until this point in time. After ETIMEDOUT the thread
	// is as it was, with two exceptions. A thread that was not started has been asked to stop, and a parked
	// one goes on, unless another context stops or parks it just then. If another context destroys the body
	// of a thread that was never called, these functions wait until it has done so. Context: may sleep.
	// Errors: those of join(); ETIMEDOUT. Wrap schedule_hrtimeout(), kthread_stop().
	result<int> join_for(timeout time)
	{
		return join_until(steady_clock::after(steady_clock::now(), time));
	}
	result<int> join_until(steady_clock::time_point deadline);

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
	// be bound again while it is parked: the kernel undoes a binding when all of its CPUs go offline, also when
	// something then refuses that the last one goes.
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

	// Sends a signal, which ends waits of a thread that has allowed it: see signal.hpp. Context: may
	// sleep. Errors: EINVAL for a number that is none; ESRCH if it has ended, or if empty. Wraps send_sig().
	result<void> send_signal(int signal);

	// Lets a thread run on the CPUs of a list such as "0-3,8", at any time of its life. Unlike after
	// bind_list(), users can change that once the body is called, and so does a kernel since 6.14 when a
	// CPU comes or goes, unless this was called before the start. A thread that has been started is
	// waited for until its body is called, or until it is stopped or parked before that. After a bind() before the
	// start users can not change it. Context: may sleep.
	// Errors: EINVAL if it is no list or none of its CPUs is online; EBUSY if another context binds, parks
	// or stops it just now, before its start; ENOMEM; ESRCH if empty.
	// Wraps set_cpus_allowed_ptr(), kthread_bind().
	result<void> set_affinity(const char *cpus);

	// Whether the handle has a thread that has not been joined or stopped yet. Context: any.
	[[nodiscard]] bool joinable() const noexcept
	{
		return state_ && !state_->joined.load(std::memory_order_acquire);
	}

	// Which thread this is, as long as it is joinable(). Context: any.
	[[nodiscard]] thread_id get_id() const noexcept
	{
		return joinable() ? thread_id(pid()) : thread_id();
	}

	// The kernel's thread, for C functions; null if empty. Context: any. Lifetime: as long as the handle
	// has the thread.
	[[nodiscard]] task_struct *native_handle() noexcept
	{
		return state_ ? state_->task : nullptr;
	}

	// How many CPUs are online. Context: any. Wraps num_online_cpus().
	[[nodiscard]] static unsigned int hardware_concurrency() noexcept
	{
		return bridge_online_cpus();
	}

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
	bool try_reset(bool in_place);

	// After a try_reset() that returned false: the thread frees everything at its end. The module cannot
	// be unloaded until then.
	void orphan() { state_->orphan_thread(); }

	// The common part of creation: state_ has been made, or there was no memory.
	result<void> create(const char *name, int node, bool wake);

	thread_state *state_ = nullptr;

private:
	friend class thread_end;

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
// latest with its handle, unless it is detached. The body's captures are destroyed by the thread, as its last
// action. Implemented with struct task_struct.
class jthread : public thread_handle
{
	// A number behind a body is its argument, if the body cannot be called without one.
	template <class F>
	static constexpr bool takes_node =
		thread_body<std::decay_t<F>> || !thread_body<std::decay_t<F>, int>;

public:
	jthread() noexcept = default;
	jthread(jthread &&other) noexcept : thread_handle(std::exchange(other.state_, nullptr)) {}
	// Does what the destructor does with the old thread before it takes over the other one.
	jthread &operator=(jthread &&other) noexcept
	{
		if (this != &other) {
			let_go();
			state_ = std::exchange(other.state_, nullptr);
		}
		return *this;
	}
	// Stops the thread, waits for it, and destroys the body. A thread that destroys its own handle
	// cannot wait: dmesg reports it, the thread frees everything at its end, and the module cannot be
	// unloaded until then. Context: may sleep. Wraps kthread_stop().
	~jthread() { let_go(); }

	// The handles exchange their threads. Context: any.
	void swap(jthread &other) noexcept { std::swap(state_, other.state_); }
	friend void swap(jthread &one, jthread &other) noexcept { one.swap(other); }

	// Lets the thread go on without its handle, which is empty then. It frees everything at its end, and
	// the module cannot be unloaded before that. A thread that was not started begins, and a parked one
	// goes on. Keep get_stop_source() to end it. Context: may sleep.
	// Errors: ESRCH if it is not joinable(); ENODEV if the module is going, and the handle keeps its
	// thread. Wraps try_module_get(), module_put_and_kthread_exit().
	result<void> detach();

	// Creates a thread that does not run yet; wake() starts it. The body is called with a stop_token or
	// without, and returns an int or nothing. The name is plain text;
	// class name takes a format. Until it is woken the thread is in state D and counts for the load
	// average, so that time should be short, or spent parked. node is the NUMA node of its memory.
	// Context: may sleep.
	// Errors: ENOMEM; EAGAIN at the system's limit of threads; EINVAL if no such node is online; EINTR when
	// the caller is being killed.
	// Wraps kthread_create_on_node().
	template <class F>
		requires takes_node<F>
	[[nodiscard("without its handle the thread is stopped at once")]] static result<jthread>
	create(const char *name, F &&body, int node = BRIDGE_NO_NODE,
	       lock_site site = lock_site::current())
	{
		return make(name, std::forward<F>(body), node, false, site);
	}

	// Calls create() and wake(). The body may run before the handle is stored, so it uses its token and
	// not the handle. Context: may sleep. Errors: those of create(). Wraps kthread_run().
	template <class F>
		requires takes_node<F>
	[[nodiscard("without its handle the thread is stopped at once")]] static result<jthread>
	run(const char *name, F &&body, int node = BRIDGE_NO_NODE,
	    lock_site site = lock_site::current())
	{
		return make(name, std::forward<F>(body), node, true, site);
	}

	// These do the same with a body that takes arguments, which are copied or moved into the thread, as
	// std::jthread does it. The body gets them as rvalues. A member function gets its object before the
	// token: run("name", &device::loop, &device). Context: may sleep. Errors: those of create().
	template <class F, class Arg, class... Args>
		requires thread_body<std::decay_t<F>, std::decay_t<Arg>, std::decay_t<Args>...>
	[[nodiscard("without its handle the thread is stopped at once")]] static result<jthread>
	create(site_name name, F &&body, Arg &&arg, Args &&...args)
	{
		return make(name.text,
			    with(std::forward<F>(body), std::forward<Arg>(arg),
				 std::forward<Args>(args)...),
			    BRIDGE_NO_NODE, false, name.site);
	}
	// As run(). Context: may sleep. Errors: those of create().
	template <class F, class Arg, class... Args>
		requires thread_body<std::decay_t<F>, std::decay_t<Arg>, std::decay_t<Args>...>
	[[nodiscard("without its handle the thread is stopped at once")]] static result<jthread>
	run(site_name name, F &&body, Arg &&arg, Args &&...args)
	{
		return make(name.text,
			    with(std::forward<F>(body), std::forward<Arg>(arg),
				 std::forward<Args>(args)...),
			    BRIDGE_NO_NODE, true, name.site);
	}

	// Calls run(), and waits until the body has been called. A stop that comes at once does then not
	// keep the body from being called. Context: may sleep. Errors: those of create().
	template <class F>
	[[nodiscard("without its handle the thread is stopped at once")]] static result<jthread>
	run_begun(const char *name, F &&body, int node = BRIDGE_NO_NODE,
		  lock_site site = lock_site::current())
	{
		auto made = make(name, std::forward<F>(body), node, true, site);
		if (made)
			made->state_->wait_until_called();
		return made;
	}

private:
	explicit jthread(thread_state *state) noexcept : thread_handle(state) {}

	void let_go()
	{
		if (state_ && !try_reset(false))
			orphan();
	}

	// A body that has its arguments.
	template <class F, class... Args>
	static auto with(F &&body, Args &&...args)
	{
		return [body = std::decay_t<F>(std::forward<F>(body)),
			... args = std::decay_t<Args>(std::forward<Args>(args))](
			       stop_token stop) mutable {
			return call_body(std::move(body), std::move(stop), std::move(args)...);
		};
	}

	template <class F>
	static result<jthread> make(const char *name, F &&body, int node, bool wake, lock_site site)
	{
		using body_type = std::decay_t<F>;
		static_assert(thread_body<body_type>,
			      "a thread's body is called with a kthread::stop_token or "
			      "without, and returns an int or nothing");
		using block = thread_block<body_type>;

		return make(new (std::nothrow)
				    block(block::template act<true>, site, std::forward<F>(body)),
			    name, node, wake);
	}

	// What is the same for each body.
	static result<jthread> make(thread_state *state, const char *name, int node, bool wake)
	{
		jthread thread(state);

		if (auto created = thread.thread_handle::create(name, node, wake); !created)
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

	// Does what run() does, and waits until the body has been called, as jthread::run_begun() does.
	// Context: may sleep. Errors: those of create().
	template <class F>
	[[nodiscard]] result<void> run_begun(const char *name, F &&body, int node = BRIDGE_NO_NODE,
					     lock_site site = lock_site::current())
	{
		auto made = make(name, std::forward<F>(body), node, true, site);
		if (made)
			state_->wait_until_called();
		return made;
	}

	// Stops the thread and waits for it. Another thread can be created then. Called by the thread itself,
	// dmesg reports it and the handle keeps its thread. If a token, a source or a callback still refers
	// to the thread, dmesg reports it and this waits until the last of them has gone. Nobody may get
	// another one from the handle meanwhile.
	// Context: may sleep.
	void reset() { (void)thread_handle::try_reset(true); }

private:
	template <class F>
	result<void> make(const char *name, F &&body, int node, bool wake, lock_site site)
	{
		using body_type = std::decay_t<F>;
		static_assert(thread_body<body_type>,
			      "a thread's body is called with a kthread::stop_token or "
			      "without, and returns an int or nothing");
		using block = thread_block<body_type>;
		static_assert(sizeof(block) <= sizeof(storage_) &&
				      alignof(block) <= alignof(void *),
			      "the body does not fit into this static_jthread");

		if (state_)
			return std::unexpected(errno_t::EBUSY);
		state_ = new (static_cast<void *>(storage_))
			block(block::template act<false>, site, std::forward<F>(body));
		return thread_handle::create(name, node, wake);
	}

	alignas(void *) unsigned char storage_[sizeof(thread_state) + capacity] = {};
};
} // namespace kthread
