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

result<void> thread_handle::create(int (*entry)(void *), const char *name, int node, bool wake)
{
	if (!state_)
		return std::unexpected(errno_t::ENOMEM);
	auto created = state_->create(entry, name, node);
	if (!created)
		reset();
	else if (wake)
		state_->wake();
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

name::name(const char *format, ...)
{
	__builtin_va_list args;

	__builtin_va_start(args, format);
	vsnprintf(text_, sizeof(text_), format, args);
	__builtin_va_end(args);
}
} // namespace kthread
