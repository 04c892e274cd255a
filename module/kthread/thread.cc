// SPDX-License-Identifier: GPL-2.0
//
// A thread from both sides: what its owners do by its handle, and its body by its stop_token.
#include "kthread/jthread.hpp"

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
} // namespace

result<void> thread_handle::create(int (*entry)(void *), const char *name, int node, bool wake)
{
	if (!state_)
		return std::unexpected(errno_t::ENOMEM);

	task_struct *task = nullptr;
	auto error = static_cast<std::intptr_t>(errno_t::EINVAL);

	if (bridge_node_is_valid(node)) {
		task = kthread_create_on_node(entry, static_cast<thread_state *>(state_), node,
					      "%s", name);
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

void thread_state::request_stop()
{
	if (is_for_caller(ask_to_stop()))
		wake_up_process(task);
}

void thread_state::set_stage(unsigned int stage)
{
	unsigned int was = word.load();

	while (!word.compare_exchange_weak(was, stage | (was & requests))) {
	}
}

bool thread_state::begin()
{
	unsigned int was = word.load();

	do {
		if (was & stop)
			return false;
	} while (!word.compare_exchange_weak(was, running | (was & requests)));
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
void thread_state::freeze_here()
{
	if (freezable && bridge_freezing() && !(word.load() & stop))
		bridge_freeze(map.get());
}

int thread_state::end(unsigned int how, int code)
{
	exit_code = code;
	set_stage(how);
	// Either an owner that parks the thread sees that the body has returned, or the thread sees the
	// request here. So no owner waits for a thread that is gone. The same holds for join().
	park_here();

	const unsigned int asked = word.load();
	if (asked & join)
		bridge_wake_all(&word);
	if (asked & orphan) {
		release();
		__module_put_and_kthread_exit(&__this_module, code);
	}
	return code;
}

void thread_state::unpark_or_wake()
{
	word.fetch_and(~static_cast<unsigned int>(park));
	if (std::exchange(parked, false))
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

// Another context may have started the thread meanwhile.
void thread_state::finish_binding()
{
	unsigned int was = word.load();
	unsigned int next;

	do {
		next = (was & requests) | (stage_of(was) == starting ? started : created);
	} while (!word.compare_exchange_weak(was, next));
	if (stage_of(was) == starting)
		wake_up_process(task);
}

result<void> thread_state::bind(const char *cpus, unsigned int cpu)
{
	if (bridge_current() == task)
		return std::unexpected(errno_t::EBUSY);

	const sleeping_guard owned(owners);
	unsigned int was = created | (word.load() & requests);
	int error;

	if (parked && bound && cpus) {
		error = bridge_rebind_list(task, cpus);
	} else if (word.compare_exchange_strong(was, binding | (was & requests))) {
		error = cpus ? bridge_bind_list(task, cpus) : bridge_bind_cpu(task, cpu);
		bound = bound || !error;
		finish_binding();
	} else {
		return std::unexpected(errno_t::EBUSY);
	}
	if (error)
		return std::unexpected(static_cast<errno_t>(error));
	return {};
}

result<void> thread_handle::bind(unsigned int cpu)
{
	might_sleep();
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	return state_->bind(nullptr, cpu);
}

result<void> thread_handle::bind_list(const char *cpus)
{
	might_sleep();
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	if (!cpus)
		return std::unexpected(errno_t::EINVAL);
	return state_->bind(cpus, 0);
}

// Waits until the body has returned, or until another context asks for a stop. A thread that was not started
// would never return, also if another context binds it meanwhile, so this asks for its stop.
void thread_state::wait_for_end()
{
	bridge_waiter waiter;
	unsigned int was = word.load();

	while (!word.compare_exchange_weak(was,
					   was | (stage_of(was) < starting ? join | stop : join))) {
	}
	bridge_wait_begin(&waiter, &word);
	for (;;) {
		bridge_wait_prepare(&waiter, true);
		if (has_ended() || word.load() & stop)
			break;
		schedule();
	}
	bridge_wait_end(&waiter);
}

result<int> thread_handle::join()
{
	might_sleep();
	if (!state_)
		return std::unexpected(errno_t::ESRCH);
	return state_->join_thread();
}

result<int> thread_state::join_thread()
{
	if (bridge_current() == task)
		return std::unexpected(errno_t::EDEADLK);
	map.wait();

	bool wait;
	{
		const sleeping_guard owned(owners);

		wait = !joined;
		if (parked)
			unpark_or_wake();
	}
	// kthread_stop() would make the body's own interruptible waits fail. The lock is not held, so that
	// others can park and stop the thread meanwhile.
	if (wait)
		wait_for_end();
	stop_and_wait();
	return get();
}

// Returns false and does nothing if the thread itself calls it.
bool thread_state::stop_and_wait()
{
	if (bridge_current() == task)
		return false;
	map.wait();
	if (!has_ended())
		ask_to_stop();

	const sleeping_guard owned(owners);

	if (joined)
		return true;
	if (parked)
		unpark_or_wake();
	kthread_stop(task);
	if (!has_ended())
		set_stage(cancelled);
	joined = true;
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
	bridge_module_remove(this);
	word.fetch_or(orphan);
}

void thread_state::release()
{
	if (task) {
		if (!(word.load() & orphan))
			bridge_module_remove(this);
		bridge_put_task(task);
	}
	destroy(this);
}

bool thread_handle::try_reset()
{
	if (!state_)
		return true;
	if (!state_->stop_and_wait()) {
		_printk("\0013kthread: pid %d let go of its own handle\n", pid());
		state_->request_stop();
		return false;
	}
	std::exchange(state_, nullptr)->release();
	return true;
}

// From here on: calls that the body makes by its token.
bool stop_token::sleep_once(steady_clock::time_point deadline) const
{
	constexpr steady_clock::time_point past;

	if (is_asked() || deadline <= past) {
		bridge_awake();
		return yield() && deadline > past;
	}
	if (deadline != steady_clock::time_point::max())
		return sleep_once_until(deadline.time_since_epoch().count());
	schedule();
	return go_on();
}

bool stop_token::sleep_once_until(long long time) const
{
	if (schedule_hrtimeout(&time, static_cast<hrtimer_mode>(BRIDGE_TIMER_ABSOLUTE)))
		return go_on();
	// schedule_hrtimeout() returns at once if the time is over already. The thread would never let others run.
	(void)yield();
	return false;
}

bool stop_token::answer() const
{
	state_->park_here();
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
