// SPDX-License-Identifier: GPL-2.0
//
// What others do with executors and scopes.
#include "kthread/executor_state.hpp"
#include "kthread/rcu.hpp"

namespace kthread
{
executor_ref::executor_ref(executor_face *state) noexcept
	: state_(static_cast<executor_state *>(state))
{
	if (state_)
		state_->get();
}

executor_face *executor_ref::get() const noexcept
{
	return state_;
}

executor_ref::~executor_ref()
{
	if (state_)
		state_->put();
}

inline result<void> spawner::admit(strand &task) noexcept
{
	if (executor_ && executor_->in_interrupt && (!task.is_stored || task.has_heap_child))
		return std::unexpected(errno_t::EINVAL);
	if (!executor_ || stop_requested())
		return std::unexpected(errno_t::ECANCELED);
	task.owner = this;
	task.frame = task.leaf.address();
	if (task_tracer()) [[unlikely]]
		trace_step(task, &bridge_task_tracer::spawn);
	return {};
}

inline result<void> spawner::post(strand &newest, strand &oldest, unsigned int count) noexcept
{
	pending.fetch_add(count, std::memory_order_relaxed);
	if (executor_->post(newest, oldest))
		return {};
	while (count--)
		executor_state::drop(*this);
	return std::unexpected(errno_t::ECANCELED);
}

namespace
{
// Those who look saw it begin, if it was admitted.
void refuse(strand &task) noexcept
{
	if (task.owner && task_tracer()) [[unlikely]]
		trace_step(task, &bridge_task_tracer::end);
	task.leaf.destroy();
}
} // namespace

result<void> spawner::post(strand *task) noexcept
{
	if (!task)
		return std::unexpected(errno_t::ENOMEM);

	auto posted = admit(*task);

	if (posted)
		posted = post(*task, *task, 1);
	if (!posted)
		refuse(*task);
	return posted;
}

spawner::burst::~burst()
{
	while (newest_)
		refuse(*std::exchange(newest_, static_cast<strand *>(newest_->next)));
}

result<void> spawner::burst::add(strand *task) noexcept
{
	if (!task)
		return std::unexpected(errno_t::ENOMEM);
	task->next = std::exchange(newest_, task);
	if (!oldest_)
		oldest_ = task;
	++count_;
	return owner_.admit(*task);
}

result<void> spawner::burst::post() noexcept
{
	if (!newest_)
		return {};

	auto posted = owner_.post(*newest_, *oldest_, count_);

	if (posted)
		newest_ = nullptr;
	return posted;
}

void spawner::request_stop() noexcept
{
	if (stopping.exchange(true))
		return;
	pending.fetch_add(1, std::memory_order_relaxed);
	if (!executor_ || !executor_->post(stop_node))
		executor_state::drop(*this);
}

result<void> spawner::wait() noexcept
{
	if (executor_ && executor_->is_self())
		return std::unexpected(errno_t::EDEADLK);
	might_sleep();

	bridge_waiter waiter;

	bridge_wait_begin(&waiter, static_cast<task_group *>(this));
	for (;;) {
		bridge_wait_prepare(&waiter, BRIDGE_WAITS);
		if (!pending.load())
			break;
		schedule();
	}
	bridge_wait_end(&waiter);
	return {};
}

// The group may be gone when the last one is dropped. Only the executor's own thread drops while a task joins.
void executor_state::drop(task_group &group) noexcept
{
	strand *const joiner = group.joiner;
	const bool is_local = group.is_local;

	if (joiner)
		group.joiner = nullptr;
	if (group.pending.fetch_sub(1) != 1) {
		if (joiner)
			group.joiner = joiner;
		return;
	}
	if (joiner) {
		if (!is_local && joiner->stops)
			joiner->how = strand::stopped;
		state_of(*joiner).ready(*joiner);
	}
	if (!is_local)
		bridge_wake_all(&group);
}

inline void executor_state::remove(strand &task) noexcept
{
	task_group &group = *task.owner;

	*task.sibling_link = task.sibling;
	if (task.sibling)
		task.sibling->sibling_link = task.sibling_link;
	if (!group.first) {
		*group.link = group.next;
		if (group.next)
			group.next->link = group.link;
	}
}

void executor_state::finish(strand &task) noexcept
{
	task_group &group = *task.owner;

	ending_ = &group;
	if (task_tracer()) [[unlikely]]
		trace_step(task, &bridge_task_tracer::end);
	remove(task);
	if (group.ended)
		group.ended(group, task);
	std::coroutine_handle<>::from_address(task.frame).destroy();
	// The frame may have let go of the group.
	drop(*ending_);
}

// Takes the tasks out of a group that cannot end before the caller returns, and stops them all. They go on without it.
// Returns whether there were any.
bool executor_state::let_go(task_group &group) noexcept
{
	bool any = false;
	const auto leave = [&] {
		any = true;
		strays_.pending.fetch_add(1, std::memory_order_relaxed);
		drop(group);
	};
	const auto let_go_of = [&](strand *task) {
		// Or of the one that waits for it.
		while (task && task->owner != &group)
			task = task->owner->joiner;
		if (!task)
			return;
		stop(group);
		remove(*task);
		task->owner = &strays_;
		add(*task);
		leave();
	};

	const auto let_go_of_either = [&](strand *running, task_group *&ending) {
		if (running) {
			let_go_of(running);
		} else if (ending == &group) {
			ending = &strays_;
			leave();
		} else {
			let_go_of(ending->joiner);
		}
	};

	let_go_of_either(running_, ending_);
	for (set_aside *each = aside_; each; each = each->outer)
		let_go_of_either(each->running, each->ending);
	return any;
}

// The tasks that are ready before the call wait: each of them may end with such a scope too, and they would run inside
// one another. They run here only if the group's tasks do not go on without them. So do those that wait for a call
// that is further out.
void executor_state::run_until_empty(task_group &group) noexcept
{
	set_aside here{std::exchange(ready_, nullptr), std::exchange(last_ready_, &ready_),
		       running_, ending_, aside_};
	const auto put_back_before = [this](const set_aside *outer) {
		bool any = false;

		for (set_aside *each = aside_; each != outer; each = each->outer) {
			if (!each->first)
				continue;
			any = true;
			*each->last = ready_;
			if (!ready_)
				last_ready_ = each->last;
			ready_ = std::exchange(each->first, nullptr);
		}
		return any;
	};

	aside_ = &here;
	while (group.pending.load()) {
		look_for_stop();
		if (works() || (group.pending.load() && put_back_before(nullptr)) || in_interrupt) {
			if (!in_interrupt)
				bridge_yield();
			continue;
		}

		task_node *none = nullptr;

		if (group.pending.load() && inbox_.compare_exchange_strong(none, asleep()))
			sleep_once();
	}
	(void)put_back_before(here.outer);
	aside_ = here.outer;
	running_ = here.running;
	ending_ = here.ending;
}

void spawner::finish() noexcept
{
	if (!pending.load())
		return;
	request_stop();
	if (wait())
		return;
	_printk(executor_->let_go(*this)
			? "\0013kthread: a task that ends its own scope is stopped, and goes on\n"
			: "\0013kthread: a scope ends in a task of its executor, and has tasks\n");
	executor_->run_until_empty(*this);
}

namespace
{
// The body of an executor's thread. If that is stopped before it runs, there may be what was posted.
struct body {
	executor_ref state;
	executor_options options;

	body(executor_ref state, executor_options options)
		: state(std::move(state)), options(options)
	{
	}
	body(body &&) noexcept = default;
	// A context that has posted a task may still be about to wake the thread.
	~body()
	{
		if (!state)
			return;
		state->close();
		rcu_synchronize();
	}
	int operator()(const stop_token &stop)
	{
		if (options.freezable)
			stop.set_freezable();
		return state->run(stop, options.cpu);
	}
};
} // namespace

result<executor> executor::run(const char *name, executor_options options, lock_site site)
{
	auto *const state = new (std::nothrow) executor_state;

	if (!state)
		return std::unexpected(errno_t::ENOMEM);

	executor made;
	made.shared_ = executor_ref(state);
	auto thread = jthread::create(name, body(made.shared_, options), options.node, site);

	if (!thread)
		return std::unexpected(thread.error());
	if (options.cpu >= 0) {
		if (auto bound = thread->bind(static_cast<unsigned int>(options.cpu)); !bound)
			return std::unexpected(bound.error());
	}
	static_cast<jthread &>(made) = std::move(*thread);
	state->set_thread(made.state_);
	state->join_module();
	made.wake();
	return made;
}

// If the thread was stopped before it ran, there is what was posted.
void executor_state::close() noexcept
{
	stopping_ = true;
	take_all(closed());
	// It does what the executor's thread would do: a scope that goes with a task waits for what stands behind that.
	task_.store(bridge_own_thread(), std::memory_order_relaxed);
	for (unsigned int n = 1; taken_; ++n) {
		take(*std::exchange(taken_, taken_->next));
		lets_others_run(n);
	}
	// Another thread may get the address of the one that has ended.
	task_.store(nullptr, std::memory_order_relaxed);
}

// A thread that the module forgot may wait for tasks of an executor that it forgot, too: they end first.
void executor_state::join_module() noexcept
{
	bridge_module_add(&place_, true, left_behind);
	is_listed_ = true;
}

void executor_state::left_behind(bridge_link *link, bridge_end how) noexcept
{
	auto &state = static_cast<place *>(link)->state;

	if (how == BRIDGE_FREE) {
		state.leave_module();
		state.put();
	} else if (how == BRIDGE_ASK) {
		state.ask();
	} else if (state.in_interrupt) {
		_printk("\0013kthread: an executor is stopped, as its module goes without it\n");
		state.close();
	}
}

// The thread is stopped by its handle, and closes the executor itself.
executor::~executor()
{
	if (!shared_)
		return;
	if (shared_->in_interrupt && shared_->is_self()) {
		_printk("\0013kthread: a task let go of its own executor, which runs on in interrupts\n");
		// The module's list keeps the state.
		shared_->get();
		return;
	}
	shared_->leave_module();
	if (shared_->in_interrupt)
		shared_->close();
}
} // namespace kthread
