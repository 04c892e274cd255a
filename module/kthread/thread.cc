// SPDX-License-Identifier: GPL-2.0
//
// A thread from both sides: what its owners do by its handle, and its body by its stop_token.
#include "kthread/jthread.hpp"

namespace kthread
{
result<void> thread_handle::create(int (*entry)(void *), const char *name, int node, bool wake)
{
	if (!state_)
		return std::unexpected(errno_t::ENOMEM);

	task_struct *task = kthread_create_on_node(entry, state_, node, "%s", name);
	const auto address = reinterpret_cast<std::intptr_t>(task);

	if (address < 0 && address >= -BRIDGE_MAX_ERRNO) {
		reset();
		return std::unexpected(static_cast<errno_t>(address));
	}
	bridge_get_task(task);
	state_->task = task;
	if (wake)
		this->wake();
	return {};
}

// The thread has to be woken after that.
void thread_state::ask_to_stop()
{
	const bool joining = requests.fetch_or(stop_token::stop) & stop_token::join;

	start();
	if (joining)
		wake_all_on(&progress);
}

void thread_state::request_stop()
{
	ask_to_stop();
	wake_up_process(task);
}

bool thread_state::begin()
{
	if (requests.load() & stop_token::stop)
		return false;
	progress.store(thread_progress::running, std::memory_order_relaxed);
	return true;
}

// The one who asked takes the request back, to let the thread go on or because it came too late.
inline void stop_token::park_here() const
{
	while (requests_->load() & park) {
		// Does nothing if the kernel does not know of the request yet.
		bridge_parkme();
		if (!(requests_->load() & park))
			break;
		bridge_idle();
		if (!kthread_should_park() && requests_->load() & park)
			schedule();
		bridge_awake();
	}
}

int thread_state::end(thread_progress how, int code)
{
	exit_code = code;
	progress.store(how);
	// Either park() sees that the body is done, or its request is seen here: it never waits for
	// a thread that is gone. So with those in join().
	stop_token(requests).park_here();

	const auto asked = requests.load();
	if (asked & stop_token::join)
		wake_up_var(&progress);
	if (asked & stop_token::orphan)
		drop();
	return code;
}

bool thread_state::acquire_from(owner was)
{
	// Whoever parks the thread waits for it, and so must it not wait for them.
	if (bridge_current() == task)
		return false;
	// Who has waited cannot know whether others still do.
	while (was != joined) {
		if (!owned.compare_exchange_strong(was, contended))
			continue;
		if (was == none)
			return true;
		bridge_wait_while(&owned, contended);
		was = none;
	}
	return false;
}

void thread_state::let_go()
{
	requests.fetch_and(static_cast<unsigned char>(~stop_token::park));
	if (std::exchange(parked, false))
		kthread_unpark(task);
	else
		wake_up_process(task);
}

result<void> thread_handle::park()
{
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	thread_state &state = *state_;

	if (bridge_current() == state.task)
		return std::unexpected(errno_t::EDEADLK);
	if (!state.acquire())
		return std::unexpected(errno_t::ESRCH);

	result<void> done;
	if (state.parked) {
		done = std::unexpected(errno_t::EBUSY);
	} else {
		state.requests.fetch_or(stop_token::park);
		if (state.ended()) {
			state.let_go();
			done = std::unexpected(errno_t::ESRCH);
		} else {
			state.start();
			kthread_park(state.task);
			state.parked = true;
		}
	}
	state.release(thread_state::none);
	return done;
}

result<void> thread_handle::unpark()
{
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	thread_state &state = *state_;

	if (!state.acquire())
		return std::unexpected(bridge_current() == state.task ? errno_t::EINVAL
								      : errno_t::ESRCH);

	result<void> done;
	if (state.parked)
		state.let_go();
	else
		done = std::unexpected(errno_t::EINVAL);
	state.release(thread_state::none);
	return done;
}

result<void> thread_handle::bind_list(const char *cpus)
{
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	if (!state_->acquire())
		return std::unexpected(errno_t::EBUSY);

	result<void> done;
	if (!state_->parked && progress() != thread_progress::created)
		done = std::unexpected(errno_t::EBUSY);
	else if (int error = bridge_bind_list(state_->task, cpus))
		done = std::unexpected(static_cast<errno_t>(error));
	state_->release(thread_state::none);
	return done;
}

// Until the body is done, or somebody wants it to be. A thread that was not started never is.
void thread_state::wait_for_end()
{
	bridge_waiter waiter;

	requests.fetch_or(start() ? stop_token::join | stop_token::stop : stop_token::join);
	bridge_wait_begin(&waiter, &progress);
	for (;;) {
		bridge_wait_prepare(&waiter, &progress);
		if (ended() || requests.load() & stop_token::stop)
			break;
		schedule();
	}
	bridge_wait_end(&waiter, &progress);
}

result<int> thread_handle::join()
{
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	if (bridge_current() == state_->task)
		return std::unexpected(errno_t::EDEADLK);
	if (state_->acquire()) {
		if (state_->parked)
			state_->let_go();
		state_->release(thread_state::none);
		// Not by kthread_stop(), which makes the body's own interruptible waits fail, and not
		// in possession, so that others may park and stop it meanwhile.
		state_->wait_for_end();
	}
	state_->quit();
	return get();
}

// False from the thread itself, and nothing is done.
bool thread_state::quit()
{
	if (bridge_current() == task)
		return false;
	if (!ended())
		ask_to_stop();
	if (!acquire())
		return true;
	if (parked)
		let_go();
	kthread_stop(task);
	if (!ended())
		progress.store(thread_progress::cancelled);
	release(joined);
	return true;
}

result<int> thread_handle::stop()
{
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	if (!state_->quit())
		return std::unexpected(errno_t::EDEADLK);
	return get();
}

result<int> thread_state::get() const
{
	switch (progress.load()) {
	case thread_progress::returned:
		return exit_code;
	case thread_progress::cancelled:
		return std::unexpected(errno_t::EINTR);
	default:
		return std::unexpected(errno_t::EAGAIN);
	}
}

void thread_state::drop()
{
	if (task)
		bridge_put_task(task);
	destroy(this);
}

bool thread_handle::reset()
{
	if (!state_)
		return true;
	if (state_->task && !state_->quit()) {
		// Nobody waits for it any more, so that unloading is not safe.
		_printk("\0013kthread: pid %d let go of its own handle\n", pid());
		state_->request_stop();
		return false;
	}
	std::exchange(state_, nullptr)->drop();
	return true;
}

// What the body's own thread does with its token.
bool stop_token::block(steady_clock::time_point deadline) const
{
	constexpr steady_clock::time_point past;

	if (is_asked() || deadline <= past) {
		bridge_awake();
		return yield() && deadline > past;
	}
	if (deadline != steady_clock::time_point::max())
		return block_until(deadline.time_since_epoch().count());
	schedule();
	return go_on();
}

bool stop_token::block_until(long long time) const
{
	if (schedule_hrtimeout(&time, static_cast<hrtimer_mode>(BRIDGE_TIMER_ABSOLUTE)))
		return go_on();
	// A time that is over before the thread has gone to sleep costs it no turn.
	(void)yield();
	return false;
}

bool stop_token::answer() const
{
	park_here();
	return !stop_requested();
}

name::name(const char *format, ...)
{
	__builtin_va_list args;

	__builtin_va_start(args, format);
	vsnprintf(text_, sizeof(text_), format, args);
	__builtin_va_end(args);
}
} // namespace kthread
