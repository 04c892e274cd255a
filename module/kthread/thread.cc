// SPDX-License-Identifier: GPL-2.0
//
// A thread from both sides: what its owners do by its handle, and its body by its stop_token.
#include "kthread/jthread.hpp"

#include <algorithm>

namespace kthread
{
namespace
{
// The kernel is about to free the memory of a module that forgot this thread, which would run on in there.
void left_behind(bridge_link *link, bool stopped)
{
	auto &state = *static_cast<thread_state *>(link);

	if (stopped)
		return state.release();
	_printk("\0013kthread: %s (pid %d) is stopped, as its module goes without it\n",
		bridge_task_comm(state.task), bridge_task_pid(state.task));
	state.stop_and_wait();
}

// The same function for all, by which the library knows its threads.
int thread_entry(void *self)
{
	auto *const state = static_cast<thread_state *>(self);

	return state->act(state, thread_state::action::call);
}
} // namespace

result<void> thread_handle::create(const char *name, int node, bool wake)
{
	if (!state_)
		return std::unexpected(errno_t::ENOMEM);

	task_struct *task = nullptr;
	auto error = static_cast<std::intptr_t>(errno_t::EINVAL);

	if (bridge_node_is_valid(node)) {
		task = kthread_create_on_node(thread_entry, state_, node, "%s", name);
		error = reinterpret_cast<std::intptr_t>(task);
	}
	if (error < 0 && error >= -BRIDGE_MAX_ERRNO) {
		std::exchange(state_, nullptr)->release();
		return std::unexpected(static_cast<errno_t>(error));
	}
	bridge_get_task(task);
	state_->task = task;
	bridge_module_add(state_, left_behind);
	if (wake)
		this->wake();
	return {};
}

thread_progress thread_state::progress() const
{
	const unsigned int now = stage_of(word.load());

	if (now < starting)
		return thread_progress::created;
	if (now == starting)
		return thread_progress::started;
	return static_cast<thread_progress>((now - started) / created +
					    static_cast<unsigned int>(thread_progress::started));
}

unsigned int thread_state::start(unsigned int request)
{
	unsigned int was = word.load();

	for (;;) {
		unsigned int next = was | request;

		if (stage_of(was) == created)
			next += started - created;
		else if (stage_of(was) == binding)
			next += starting - binding;
		if (next == was || word.compare_exchange_weak(was, next))
			return was;
	}
}

// Calls start(). The caller then has to wake the thread, if is_for_caller() says so.
unsigned int thread_state::ask_to_stop()
{
	const unsigned int was = start(stop);

	if (was & join)
		bridge_wake_all(&word);
	return was;
}

// The thread is woken first, as a callback may sleep.
bool thread_state::request_stop()
{
	const unsigned int was = ask_to_stop();

	if (is_for_caller(was))
		wake_up_process(task);
	if (was & stop)
		return false;
	if (was & watched) [[unlikely]]
		call_callbacks();
	return true;
}

unsigned int thread_state::set_stage(unsigned int stage)
{
	unsigned int was = word.load();

	while (!word.compare_exchange_weak(was, stage | (was & requests))) {
	}
	return was;
}

bool thread_state::begin()
{
	unsigned int was = word.load();

	do {
		if (was & stop)
			return false;
	} while (!word.compare_exchange_weak(was, running | (was & requests)));
	if (unbinds) [[unlikely]]
		bridge_unbind();
	if (was & join) [[unlikely]]
		bridge_wake_all(&word);
	return true;
}

// The owner that asked for it takes the request back: to let the thread go on, or because the request came too
// late.
void thread_state::park_here()
{
	while (word.load() & park) {
		// Returns at once if the kernel does not know of the request yet.
		bridge_parkme();
		freeze_here();
		if (!(word.load() & park))
			break;
		bridge_idle();
		if (!kthread_should_park() && word.load() & park)
			schedule();
		bridge_awake();
	}
}

// Asks the freezer before it looks for a stop request. So a thread that was stopped first goes on to its end.
bool thread_state::freeze_here()
{
	return word.load(std::memory_order_relaxed) & freezes && bridge_freezing() &&
	       !(word.load() & stop) && bridge_freeze(map.get());
}

int thread_state::end(unsigned int how, int code)
{
	exit_code = code;

	// Either detach() sees that the body has returned, or the thread sees here that it is detached.
	const unsigned int was = set_stage(how);

	// Either an owner that parks the thread sees that the body has returned, or the thread sees the
	// request here. So no owner waits for a thread that is gone. The same holds for join().
	park_here();

	if (word.load() & join)
		bridge_wake_all(&word);
	if (was & orphan) {
		release();
		__module_put_and_kthread_exit(&__this_module, code);
	}
	return code;
}

void thread_state::unpark_or_wake()
{
	word.fetch_and(~static_cast<unsigned int>(park));
	if (parked.exchange(false))
		kthread_unpark(task);
	else
		wake_up_process(task);
}

result<void> thread_state::park_thread()
{
	if (bridge_current() == task)
		return std::unexpected(errno_t::EDEADLK);
	map.wait();

	const sleeping_guard owned(owners);

	if (joined)
		return std::unexpected(errno_t::ESRCH);
	if (parked)
		return std::unexpected(errno_t::EBUSY);

	if (stage_of(start(park)) >= returned) {
		unpark_or_wake();
		return std::unexpected(errno_t::ESRCH);
	}
	kthread_park(task);
	parked = true;
	if (word.load() & join)
		bridge_wake_all(&word);
	return {};
}

result<void> thread_handle::park()
{
	might_sleep();
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	return state_->park_thread();
}

result<void> thread_state::unpark_thread()
{
	// An owner may hold the lock and wait for this very thread.
	if (bridge_current() == task)
		return std::unexpected(errno_t::EINVAL);

	const sleeping_guard owned(owners);

	if (joined)
		return std::unexpected(errno_t::ESRCH);
	if (!parked)
		return std::unexpected(errno_t::EINVAL);
	unpark_or_wake();
	return {};
}

result<void> thread_handle::unpark()
{
	might_sleep();
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	return state_->unpark_thread();
}

// Waits until the thread has come to a stage, or until a stop is requested or the thread is parked, if these are in
// or_request. Returns false if the time is over before.
bool thread_state::wait_for(stage awaited, unsigned int or_request,
			    steady_clock::time_point deadline)
{
	bridge_waiter waiter;
	bool has_come;

	bridge_wait_begin(&waiter, &word);
	for (;;) {
		bridge_wait_prepare(&waiter, true);

		const unsigned int now = word.load();

		has_come = stage_of(now) >= awaited || now & or_request & stop ||
			   (or_request & park && parked);
		if (has_come)
			break;
		if (deadline == steady_clock::time_point::max()) {
			schedule();
			continue;
		}

		long long time = std::max(deadline.time_since_epoch().count(), 0LL);

		if (!schedule_hrtimeout(&time, static_cast<hrtimer_mode>(BRIDGE_TIMER_ABSOLUTE))) {
			has_come = stage_of(word.load()) >= awaited;
			break;
		}
	}
	bridge_wait_end(&waiter);
	return has_come;
}

void thread_state::wait_until_called()
{
	word.fetch_or(join);
	(void)wait_for(running, 0, steady_clock::time_point::max());
}

result<int> thread_handle::join()
{
	return join_until(steady_clock::time_point::max());
}

result<int> thread_handle::join_until(steady_clock::time_point deadline)
{
	might_sleep();
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	return state_->join_thread(deadline);
}

// A thread that was not started would never return, also if another context binds it meanwhile, so this asks for
// its stop. Without a deadline, the stop that another context asks for is for kthread_stop() to wait for.
result<int> thread_state::join_thread(steady_clock::time_point deadline)
{
	if (bridge_current() == task)
		return std::unexpected(errno_t::EDEADLK);
	map.wait();
	// Not for one that another owner parks meanwhile: that takes as long as the body likes. An owner that stops or
	// unparks the thread has the lock until it has stopped, which may be after the deadline.
	const bool is_patient = deadline == steady_clock::time_point::max();

	if (parked && is_patient) {
		const sleeping_guard owned(owners);

		if (parked)
			unpark_or_wake();
	} else if (parked && owners.try_lock()) {
		if (parked)
			unpark_or_wake();
		owners.unlock();
	}
	// kthread_stop() would make the body's own interruptible waits fail. The lock is not held, so that
	// others can park and stop the thread meanwhile.
	if (!joined.load(std::memory_order_acquire)) {
		if (stage_of(word.fetch_or(join)) < starting)
			(void)request_stop();
		if (!wait_for(returned, is_patient ? stop : request(), deadline))
			return std::unexpected(errno_t::ETIMEDOUT);
	}
	stop_and_wait(false);
	return get();
}

// Returns false and does nothing if the thread itself calls it. It does not ask for a stop of a thread that has ended
// by itself, or was asked before: that would call callbacks.
bool thread_state::stop_and_wait(bool asks)
{
	if (bridge_current() == task)
		return false;
	map.wait();
	if (asks && !joined.load(std::memory_order_acquire)) {
		const unsigned int was = ask_to_stop();

		// The thread is woken first, as a callback may wait for it.
		if ((was & (stop | watched)) == watched) [[unlikely]] {
			if (is_for_caller(was))
				wake_up_process(task);
			call_callbacks();
		}
	}

	bool has_its_body = false;
	{
		const sleeping_guard owned(owners);

		if (!joined.load(std::memory_order_relaxed)) {
			if (parked)
				unpark_or_wake();
			kthread_stop(task);
			// The kernel never called the thread's function.
			has_its_body = !has_ended();
			joined.store(true, std::memory_order_release);
		}
	}
	// The destructors of its captures may look at the thread. Other owners wait for them.
	if (has_its_body) {
		act(this, action::destroy_body);
		if (set_stage(cancelled) & join)
			bridge_wake_all(&word);
	} else if (!has_ended()) {
		word.fetch_or(join);
		(void)wait_for(returned, 0, steady_clock::time_point::max());
	}
	return true;
}

result<int> thread_handle::stop()
{
	might_sleep();
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	if (!state_->stop_and_wait())
		return std::unexpected(errno_t::EDEADLK);
	return get();
}

result<int> thread_state::get() const
{
	switch (stage_of(word.load())) {
	case returned:
		return exit_code;
	case cancelled:
		return std::unexpected(errno_t::EINTR);
	default:
		return std::unexpected(errno_t::EAGAIN);
	}
}

void thread_state::orphan_thread()
{
	// A module that is already going stops the thread, and frees its memory at its end.
	if (!bridge_hold_module())
		return;
	if (!bridge_module_remove_own(this))
		return bridge_let_go_of_module();
	word.fetch_or(orphan);
}

// The thread takes over the handle's reference, if it is not at its end yet.
result<void> thread_state::detach_thread()
{
	if (!bridge_hold_module())
		return std::unexpected(errno_t::ENODEV);
	if (bridge_current() == task) {
		// It is not parked. Who stops it as the module goes has the lock.
		if (!bridge_module_remove_own(this)) {
			bridge_let_go_of_module();
			return std::unexpected(errno_t::ENODEV);
		}
	} else {
		{
			const sleeping_guard owned(owners);

			if (parked)
				unpark_or_wake();
		}
		bridge_module_remove(this);
	}

	// The thread may be gone as soon as it knows, unless it is at its end already.
	const stop_ref self(static_cast<stop_state &>(*this));
	const unsigned int was = start(orphan);

	if (stage_of(was) < returned) {
		wake_up_process(task);
	} else {
		stop_and_wait(false);
		release();
		bridge_let_go_of_module();
	}
	return {};
}

result<void> jthread::detach()
{
	might_sleep();
	if (!joinable())
		return std::unexpected(errno_t::ESRCH);
	if (auto detached = state_->detach_thread(); !detached)
		return detached;
	state_ = nullptr;
	return {};
}

void thread_state::release()
{
	if (!task)
		act(this, action::destroy_body);
	else if (!(word.load() & orphan))
		bridge_module_remove(this);
	put();
}

bool thread_handle::try_reset(bool in_place)
{
	if (!state_)
		return true;
	if (!state_->stop_and_wait()) {
		_printk("\0013kthread: pid %d let go of its own handle\n", pid());
		state_->request_stop();
		return false;
	}
	// The memory of a static_jthread is its handle's.
	if (in_place)
		state_->wait_for_others(bridge_task_comm(state_->task));
	std::exchange(state_, nullptr)->release();
	return true;
}

name::name(const char *format, ...)
{
	__builtin_va_list args;

	__builtin_va_start(args, format);
	vsnprintf(text_, sizeof(text_), format, args);
	__builtin_va_end(args);
}
} // namespace kthread

bool kthreadxx_should_stop()
{
	using kthread::thread_state;

	const auto *const own =
		static_cast<thread_state *>(bridge_thread_data(kthread::thread_entry));

	return own ? own->word.load(std::memory_order_acquire) & thread_state::stop
		   : kthread_should_stop();
}
