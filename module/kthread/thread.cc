// SPDX-License-Identifier: GPL-2.0
//
// A thread from both sides: what its owners do by its handle, and its body by its stop_token.
#include "kthread/jthread.hpp"

namespace kthread
{
int thread_state::entry(void *self)
{
	auto *const state = static_cast<thread_state *>(self);

	return state->act(state, thread_state::action::call);
}

[[gnu::cold]] result<void> thread_handle::create(const char *name, int node, bool wake)
{
	if (!state_)
		return std::unexpected(errno_t::ENOMEM);

	task_struct *task = nullptr;
	auto error = static_cast<std::intptr_t>(errno_t::EINVAL);

	if (bridge_node_is_valid(node)) {
		task = kthread_create_on_node(thread_state::entry, state_, node, "%s", name);
		error = reinterpret_cast<std::intptr_t>(task);
	}
	if (error < 0 && error >= -BRIDGE_MAX_ERRNO) {
		std::exchange(state_, nullptr)->release();
		return std::unexpected(static_cast<errno_t>(error));
	}
	bridge_get_task(task);
	state_->task = task;
	bridge_module_add(state_, false, thread_state::left_behind);
	if (wake && thread_state::is_for_caller(state_->start()))
		wake_up_process(task);
	return {};
}

constinit std::atomic<void (*)(const void *)> thread_state::wake_tasks{nullptr};

[[gnu::cold]] void thread_state::wake_joiners() const
{
	bridge_wake_all(&word);
	if (auto *const wake = wake_tasks.load())
		wake(&word);
}

// noinline, as the next one: each of their callers would have a copy.
[[gnu::noinline]] unsigned int thread_state::start(unsigned int request)
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
[[gnu::noinline]] unsigned int thread_state::ask_to_stop()
{
	const unsigned int was = start(stop);

	if (was & join)
		wake_joiners();
	return was;
}

bool thread_state::request_stop()
{
	const unsigned int was = ask_to_stop();

	wake_and_call(was);
	return !(was & stop);
}

// The thread is woken first, as a callback may sleep, or wait for it.
[[gnu::noinline]] void thread_state::wake_and_call(unsigned int was)
{
	if (is_for_caller(was))
		wake_up_process(task);
	if ((was & (stop | watched)) == watched) [[unlikely]]
		call_callbacks();
}

[[gnu::cold]] unsigned int thread_state::set_stage(unsigned int stage)
{
	unsigned int was = word.load();

	while (!word.compare_exchange_weak(was, stage | (was & requests))) {
	}
	return was;
}

[[gnu::cold]] bool thread_state::begin()
{
	unsigned int was = word.load();

	do {
		if (was & stop)
			return false;
	} while (!word.compare_exchange_weak(was, running | (was & requests)));
	if (unbinds) [[unlikely]]
		bridge_unbind();
	if (was & join) [[unlikely]]
		wake_joiners();
	return true;
}

// The owner that asked for it takes the request back: to let the thread go on, or because the request came too
// late.
[[gnu::cold]] void thread_state::park_here()
{
	while (word.load() & park) {
		// Returns at once if the kernel does not know of the request yet.
		bridge_parkme();
		freeze_here();
		if (!(word.load() & park))
			break;
		bridge_idle(true);
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

[[gnu::cold]] int thread_state::end(unsigned int how, int code)
{
	__atomic_store_n(&exit_code, code, __ATOMIC_RELAXED);

	// Either an owner that parks the thread sees that the body has returned, or the thread sees the
	// request here. So no owner waits for a thread that is gone. The same holds for join() and detach().
	const unsigned int was = set_stage(how);

	if (was & park)
		park_here();
	if (was & join)
		wake_joiners();
	if (was & orphan) {
		release();
		__module_put_and_kthread_exit(&__this_module, code);
	}
	return code;
}

[[gnu::cold]] void thread_state::unpark_or_wake()
{
	word.fetch_and(~static_cast<unsigned int>(park));
	if (parked.exchange(false))
		kthread_unpark(task);
	else
		wake_up_process(task);
}

[[gnu::cold]] result<void> thread_state::park_thread()
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
		wake_joiners();
	return {};
}

[[gnu::cold]] result<void> thread_handle::park()
{
	might_sleep();
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	return state_->park_thread();
}

[[gnu::cold]] result<void> thread_state::unpark_thread()
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

[[gnu::cold]] result<void> thread_handle::unpark()
{
	might_sleep();
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	return state_->unpark_thread();
}

// Returns false and does nothing if the thread itself calls it. It does not ask for a stop of a thread that has ended
// by itself, or was asked before: that would call callbacks.
[[gnu::cold]] bool thread_state::stop_and_wait(bool asks)
{
	if (bridge_current() == task)
		return false;
	map.wait();
	if (asks && !(word.load() & stop) && !joined.load(std::memory_order_acquire)) {
		const unsigned int was = ask_to_stop();

		// For no callback, kthread_stop() wakes it.
		if (was & watched) [[unlikely]]
			wake_and_call(was);
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
			wake_joiners();
	} else if (!has_ended()) {
		word.fetch_or(join);
		wait_for(returned);
	}
	return true;
}

// Returns false if another owner has the thread for a moment.
[[gnu::cold]] bool thread_state::try_unpark()
{
	if (!parked)
		return true;
	if (!owners.try_lock())
		return false;
	if (parked)
		unpark_or_wake();
	owners.unlock();
	return true;
}

[[gnu::cold]] result<int> thread_handle::stop()
{
	might_sleep();
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	if (!state_->stop_and_wait())
		return std::unexpected(errno_t::EDEADLK);
	return state_->get();
}

[[gnu::cold]] result<int> thread_state::get() const
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

[[gnu::cold]] void thread_state::orphan_thread()
{
	// A module that is already going stops the thread, and frees its memory at its end.
	if (!bridge_hold_module())
		return;
	if (!bridge_module_remove_own(this))
		return bridge_let_go_of_module();
	word.fetch_or(orphan);
}

[[gnu::cold]] void thread_state::release()
{
	if (!task)
		act(this, action::destroy_body);
	else if (!(word.load() & orphan))
		bridge_module_remove(this);
	put();
}

// The module forgot the thread, and the kernel is about to free the memory in which the thread would run on.
[[gnu::cold]] void thread_state::left_behind(bridge_link *link, bridge_end how)
{
	auto &state = *static_cast<thread_state *>(link);

	if (how == BRIDGE_FREE)
		return state.release();
	if (how == BRIDGE_ASK)
		return state.ask_forgotten();
	_printk("\0013kthread: %s (pid %d) is stopped, as its module goes without it\n",
		bridge_task_comm(state.task), bridge_task_pid(state.task));
	state.stop_and_wait(false);
}

// Others may wait for what a parked thread does. The callbacks come last, as one may destroy the handle.
[[gnu::cold]] void thread_state::ask_forgotten()
{
	if (has_ended())
		return;

	const unsigned int was = ask_to_stop();

	(void)try_unpark();
	wake_and_call(was);
}

[[gnu::cold]] bool thread_handle::try_reset(bool in_place)
{
	if (!state_)
		return true;
	if (!state_->stop_and_wait()) {
		_printk("\0013kthread: pid %d let go of its own handle\n",
			bridge_task_pid(state_->task));
		state_->request_stop();
		return false;
	}
	// The memory of a static_jthread is its handle's.
	if (in_place)
		state_->wait_for_others(bridge_task_comm(state_->task));
	std::exchange(state_, nullptr)->release();
	return true;
}

constinit std::atomic<void (*)(stop_state *)> stop_state::callbacks{nullptr};

[[gnu::cold]] void stop_state::destroy()
{
	// The memory is the owner's as soon as the owner can see this.
	if (word.load() & lent) {
		word.fetch_and(~static_cast<unsigned int>(lent));
		bridge_wake_all(&word);
		return;
	}
	if (!is_thread()) {
		delete static_cast<source_state *>(this);
		return;
	}

	auto *const thread = static_cast<thread_state *>(this);

	if (thread->task)
		bridge_put_task(thread->task);
	thread->act(thread, thread_state::action::free);
}

[[gnu::cold]] bool stop_state::wait_for(unsigned int stage, unsigned int or_request,
					steady_clock::time_point deadline) const
{
	bridge_waiter waiter;
	bool has_come, is_over = false;

	bridge_wait_begin(&waiter, &word);
	for (;;) {
		bridge_wait_prepare(&waiter, BRIDGE_WAITS);

		const unsigned int now = word.load();

		has_come = stage_of(now) >= stage || now & or_request & stop ||
			   (or_request & park && static_cast<const thread_state *>(this)->parked) ||
			   (or_request & lent && !(now & lent));
		if (has_come || is_over)
			break;
		if (deadline == steady_clock::time_point::max()) {
			schedule();
			continue;
		}

		const long long due = deadline.time_since_epoch().count();
		long long time = due > 0 ? due : 0;

		is_over = !schedule_hrtimeout(&time,
					      static_cast<hrtimer_mode>(BRIDGE_TIMER_ABSOLUTE));
	}
	bridge_wait_end(&waiter);
	return has_come;
}

[[gnu::cold]] void stop_state::wait_for_others(const char *owner)
{
	if (refs.load() == 1)
		return;
	_printk("\0013kthread: a stop_token outlives %s, which waits for its end\n", owner);

	word.fetch_or(lent);
	put();
	wait_for(no_stage, lent);
	refs.store(1);
}

bool stop_token::sleep_once(steady_clock::time_point deadline, unsigned long long slack) const
{
	constexpr steady_clock::time_point past;

	if (is_asked() || deadline <= past) {
		if (is_own() || deadline <= past || stop_requested()) {
			bridge_awake();
			return yield() && deadline > past;
		}
		if (state_)
			return sleep_as_another(deadline, slack);
	}
	if (deadline != steady_clock::time_point::max())
		return sleep_once_until(deadline.time_since_epoch().count(), slack);
	schedule();
	return go_on();
}

bool stop_token::sleep_once_until(long long time, unsigned long long slack) const
{
	if (schedule_hrtimeout_range(&time, slack,
				     static_cast<hrtimer_mode>(BRIDGE_TIMER_ABSOLUTE)))
		return go_on();
	// The kernel returns at once if the time is over already. The thread would never let others run.
	(void)yield();
	return false;
}

[[gnu::cold]] bool stop_token::answer() const
{
	if (is_own() && park_requested())
		thread().park_here();
	return !stop_requested();
}

[[gnu::cold]] bool stop_token::answer_and_freeze() const
{
	if (is_own())
		thread().freeze_here();
	return answer();
}

constinit const std::atomic<unsigned int> stop_token::not_own{stop_state::stop};
} // namespace kthread
