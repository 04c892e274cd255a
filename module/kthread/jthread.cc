// SPDX-License-Identifier: GPL-2.0
#include "kthread/jthread.hpp"

namespace kthread
{
result<void> thread_state::create(int (*entry)(void *), const char *name, int node)
{
	task_struct *created = kthread_create_on_node(entry, this, node, "%s", name);
	auto address = reinterpret_cast<std::intptr_t>(created);

	if (address < 0 && address >= -BRIDGE_MAX_ERRNO)
		return std::unexpected(static_cast<errno_t>(address));
	bridge_get_task(created);
	task = created;
	return {};
}

// Whether it was this call that started the thread.
bool thread_state::start()
{
	auto was = thread_progress::created;

	return progress.load(std::memory_order_relaxed) == was &&
	       progress.compare_exchange_strong(was, thread_progress::started);
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
	if (requests.load(std::memory_order_relaxed) & stop_token::join)
		wake_up_var(&progress);
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

result<void> thread_state::park()
{
	if (bridge_current() == task)
		return std::unexpected(errno_t::EDEADLK);
	if (!acquire())
		return std::unexpected(errno_t::ESRCH);

	result<void> done;
	if (parked) {
		done = std::unexpected(errno_t::EBUSY);
	} else {
		requests.fetch_or(stop_token::park);
		if (ended()) {
			let_go();
			done = std::unexpected(errno_t::ESRCH);
		} else {
			start();
			kthread_park(task);
			parked = true;
		}
	}
	release(none);
	return done;
}

result<void> thread_state::unpark()
{
	// Whoever parks it waits for it, and so must it not wait for them.
	if (bridge_current() == task)
		return std::unexpected(errno_t::EINVAL);
	if (!acquire())
		return std::unexpected(errno_t::ESRCH);

	result<void> done;
	if (parked)
		let_go();
	else
		done = std::unexpected(errno_t::EINVAL);
	release(none);
	return done;
}

result<void> thread_state::bind_list(const char *cpus)
{
	if (!acquire())
		return std::unexpected(errno_t::EBUSY);

	result<void> done;
	if (!parked && progress.load() != thread_progress::created)
		done = std::unexpected(errno_t::EBUSY);
	else if (int error = bridge_bind_list(task, cpus))
		done = std::unexpected(static_cast<errno_t>(error));
	release(none);
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

result<int> thread_state::join()
{
	if (bridge_current() == task)
		return std::unexpected(errno_t::EDEADLK);
	if (acquire()) {
		if (parked)
			let_go();
		release(none);
		// Not by kthread_stop(), which makes the body's own interruptible waits fail, and not
		// in possession, so that others may park and stop it meanwhile.
		wait_for_end();
	}
	finish();
	return get();
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

result<int> thread_state::stop()
{
	if (!quit())
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

result<void> thread_handle::create(int (*entry)(void *), const char *name, int node)
{
	if (!state_)
		return std::unexpected(errno_t::ENOMEM);
	auto created = state_->create(entry, name, node);
	if (!created)
		reset();
	return created;
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

jthread::~jthread()
{
	if (!reset())
		state_->orphan();
}

result<jthread> jthread::make(thread_state *state, int (*entry)(void *), const char *name, int node,
			      bool wake)
{
	jthread thread(state);

	if (auto created = thread.thread_handle::create(entry, name, node); !created)
		return std::unexpected(created.error());
	if (wake)
		thread.wake();
	return thread;
}

result<void> thread_handle::bind(unsigned int cpu)
{
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	if (progress() != thread_progress::created)
		return std::unexpected(errno_t::EBUSY);
	if (!bridge_cpu_is_online(cpu))
		return std::unexpected(errno_t::EINVAL);
	kthread_bind(state_->task, cpu);
	return {};
}

result<void> thread_handle::bind_list(const char *cpus)
{
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	return state_->bind_list(cpus);
}

// The kernel takes any number here, and wraps it.
static bool is_nice(int nice)
{
	return nice >= -20 && nice <= 19;
}

result<void> thread_handle::set_nice(int nice)
{
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	if (!is_nice(nice))
		return std::unexpected(errno_t::EINVAL);
	set_user_nice(state_->task, nice);
	return {};
}

result<void> thread_handle::set_normal(int nice)
{
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	if (!is_nice(nice))
		return std::unexpected(errno_t::EINVAL);
	sched_set_normal(state_->task, nice);
	return {};
}

result<void> thread_handle::set_fifo()
{
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	sched_set_fifo(state_->task);
	return {};
}

result<void> thread_handle::set_fifo_low()
{
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	sched_set_fifo_low(state_->task);
	return {};
}

name::name(const char *format, ...)
{
	__builtin_va_list args;

	__builtin_va_start(args, format);
	vsnprintf(text_, sizeof(text_), format, args);
	__builtin_va_end(args);
}
} // namespace kthread
