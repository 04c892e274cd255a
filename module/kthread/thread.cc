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

// Whether it was this call that started the thread.
bool thread_state::start()
{
	auto was = thread_progress::created;

	return progress.load(std::memory_order_relaxed) == was &&
	       progress.compare_exchange_strong(was, thread_progress::started);
}

bool thread_handle::wake()
{
	if (!state_)
		return false;
	state_->start();
	return wake_up_process(state_->task);
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

int thread_state::end(thread_progress how, int code)
{
	exit_code = code;
	progress.store(how);
	// Either park() sees that the body is done, or its request is seen here: it never waits for
	// a thread that is gone. So with those in join().
	std::atomic_thread_fence(std::memory_order_seq_cst);
	stop_token(requests).park_here();

	const auto asked = requests.load(std::memory_order_relaxed);
	if (asked & stop_token::join)
		wake_up_var(&progress);
	if (asked & stop_token::orphan)
		drop();
	return code;
}

// Exclusive use of what the owners share; false if the thread has been joined.
bool thread_state::acquire()
{
	owner was = none;

	if (owned.compare_exchange_strong(was, busy))
		return true;
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

void thread_state::release(owner to)
{
	if (owned.exchange(to) == contended)
		wake_all_on(&owned);
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
	if (bridge_current() == state_->task)
		return std::unexpected(errno_t::EDEADLK);
	if (!state_->acquire())
		return std::unexpected(errno_t::ESRCH);

	result<void> done;
	if (state_->parked) {
		done = std::unexpected(errno_t::EBUSY);
	} else {
		state_->requests.fetch_or(stop_token::park);
		if (state_->ended()) {
			state_->let_go();
			done = std::unexpected(errno_t::ESRCH);
		} else {
			state_->start();
			kthread_park(state_->task);
			state_->parked = true;
		}
	}
	state_->release(thread_state::none);
	return done;
}

result<void> thread_handle::unpark()
{
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	// Whoever parks it waits for it, and so must it not wait for them.
	if (bridge_current() == state_->task)
		return std::unexpected(errno_t::EINVAL);
	if (!state_->acquire())
		return std::unexpected(errno_t::ESRCH);

	result<void> done;
	if (state_->parked)
		state_->let_go();
	else
		done = std::unexpected(errno_t::EINVAL);
	state_->release(thread_state::none);
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
	state_->finish();
	return get();
}

// The thread is to stop, or has ended.
void thread_state::finish()
{
	if (!acquire())
		return;
	if (parked)
		let_go();
	kthread_stop(task);
	if (!ended())
		progress.store(thread_progress::cancelled);
	release(joined);
}

// False from the thread itself, and nothing is done.
bool thread_state::quit()
{
	if (bridge_current() == task)
		return false;
	ask_to_stop();
	finish();
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
	long long time = deadline.time_since_epoch().count();

	if (is_asked() || time <= 0) {
		bridge_awake();
		return yield() && time > 0;
	}
	if (deadline == steady_clock::time_point::max()) {
		schedule();
		return go_on();
	}
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

// The one who asked takes the request back, to let the thread go on or because it came too late.
void stop_token::park_here() const
{
	while (requests_->load() & park) {
		if (kthread_should_park()) {
			bridge_parkme();
			continue;
		}
		bridge_idle();
		if (!kthread_should_park() && requests_->load() & park)
			schedule();
		bridge_awake();
	}
}

name::name(const char *format, ...)
{
	__builtin_va_list args;

	__builtin_va_start(args, format);
	vsnprintf(text_, sizeof(text_), format, args);
	__builtin_va_end(args);
}
} // namespace kthread
