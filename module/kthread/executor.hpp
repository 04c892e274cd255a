// SPDX-License-Identifier: GPL-2.0
//
// One thread that runs many tasks, and the scopes that own them:
//
//	kthread::task<void> toggle(void (*led)())
//	{
//		kthread::co_ticker every(500ms, 1ms);
//
//		for (;;) {
//			auto beat = co_await every.wait();
//			if (!beat)
//				co_return beat;
//			led();
//		}
//	}
//
//	int blink(void (*red)(), void (*green)())
//	{
//		auto tasks = kthread::executor::run("blink");
//
//		if (!tasks)
//			return kthread::to_errno(tasks);
//		kthread::scope leds(*tasks);
//		auto spawned = leds.spawn(toggle(red));
//
//		if (spawned)
//			spawned = leds.spawn(toggle(green));
//		kthread::this_thread::sleep_for(2s);
//		return kthread::to_errno(spawned);
//	}
//
// A task runs until it waits or ends, and only on the thread of its executor; so tasks of one executor need no
// locks among themselves. They run in the order in which they became ready. A task that never waits lets the
// others run when it has awaited 64 times.
#pragma once

#include "kthread/jthread.hpp"
#include "kthread/task.hpp"
#include "kthread/this_task.hpp"
#include "kthread/this_thread.hpp"

namespace kthread
{
// What an executor is created with. Lifetime: it is a value.
struct executor_options {
	bool freezable = false; // freezes between two tasks when the system suspends
	int node = BRIDGE_NO_NODE;
	// That its thread is bound to. If the CPU goes offline, the thread leaves, and returns the next time that it runs
	// and the CPU is back.
	int cpu = -1;
};

// A thread that runs tasks. Move-only. Lifetime: the destructor stops all tasks and waits until they have ended;
// scopes may outlive it. Implemented with jthread.
class executor : jthread
{
public:
	executor() noexcept = default;
	executor(executor &&) noexcept = default;
	executor &operator=(executor &&other) noexcept
	{
		executor moved(std::move(other));
		std::swap(state_, moved.state_);
		std::swap(shared_, moved.shared_);
		return *this;
	}
	// Refuses further tasks, requests a stop of all scopes, and waits until all tasks have ended. Called by a task
	// of its own, it reports that and does not wait: the executor's thread stops all tasks and ends, and an
	// executor in interrupts goes on until its module goes. Context: may sleep. Wraps synchronize_rcu().
	~executor();

	// Creates an executor, whose thread runs. Context: may sleep. Errors: those of jthread::create(), and of
	// bind() if it is bound.
	[[nodiscard]] static result<executor> run(const char *name, executor_options options = {},
						  lock_site site = lock_site::current());

	// Creates an executor without a thread, whose tasks run in the hard interrupt of a timer, without a wake-up. They
	// may not sleep, nor allocate or free memory. So each task of it, and each child, has its frame in a
	// task_storage; a child that has none is empty there, and gives ENOMEM. The interrupt destroys what a task takes
	// by value. A task joins its scopes before they end: an interrupt cannot wait for them. The operations of a
	// thread give ESRCH. $(kthread-interrupt-task-objs) links this. Context: may sleep. Errors: ENOMEM. Wraps
	// hrtimer_init().
	[[nodiscard]] static result<executor> run_in_interrupts() noexcept;

	// The operations of other threads. An executor parks between two tasks, but not while a task ends a scope that
	// was not joined. Its tasks wait meanwhile, and so do those who wait for them: scope::wait(), for_each_task(), and
	// the destructors of scopes and jobs.
	using jthread::cpu, jthread::joinable, jthread::park, jthread::pid;
	using jthread::progress, jthread::set_fifo, jthread::set_fifo_low, jthread::set_nice;
	using jthread::set_normal, jthread::state, jthread::unpark;

private:
	friend class scope;
	template <class T>
	friend class job;

	executor_ref shared_;
};

// For the library: tasks that are spawned, stopped and waited for together, from outside of them.
class spawner : protected task_group
{
public:
	spawner(const spawner &) = delete;
	spawner &operator=(const spawner &) = delete;

	// Asks all tasks to end, also those that a task of these waits for: each of their waits, now and from now on,
	// ends with ECANCELED. Further tasks are refused. Context: hard interrupt. Wraps wake_up_process().
	void request_stop() noexcept;
	[[nodiscard]] bool stop_requested() const noexcept
	{
		return stopping.load(std::memory_order_relaxed);
	}

	// Waits until all tasks have ended. Context: may sleep. Errors: EDEADLK from a task of the same executor,
	// which co_awaits join() of its own.
	[[nodiscard]] result<void> wait() noexcept;

protected:
	explicit spawner(executor_ref executor,
			 void (*ended)(task_group &, strand &) noexcept) noexcept
		: task_group(executor.get(), ended), executor_(std::move(executor))
	{
	}
	~spawner() { finish(); }

	// Requests a stop and waits, before what the tasks write to goes.
	void finish() noexcept;

	// For the library: tasks that are posted together. Those that are not posted are destroyed.
	class burst
	{
	public:
		explicit burst(spawner &owner) noexcept : owner_(owner) {}
		burst(const burst &) = delete;
		burst &operator=(const burst &) = delete;
		~burst();

		// Takes a task, also if it may not be posted.
		[[nodiscard]] result<void> add(strand *task) noexcept;
		[[nodiscard]] result<void> post() noexcept;

	private:
		spawner &owner_;
		strand *newest_ = nullptr, *oldest_ = nullptr;
		unsigned int count_ = 0;
	};
	[[nodiscard]] result<void> post(strand *task) noexcept;

	const executor_ref executor_;

private:
	[[nodiscard]] result<void> admit(strand &task) noexcept;
	[[nodiscard]] result<void> post(strand &newest, strand &oldest,
					unsigned int count) noexcept;
};

// A group of tasks, none of which outlives it: a nursery. Lifetime: it may outlive its executor. The destructor
// requests a stop and waits until all tasks have ended. A task that has a scope co_awaits its join() before it
// returns, as a task cannot wait in a destructor: the scope is reported then, and other tasks run meanwhile on top of
// this one. A task that ends a scope to which it belongs itself is reported and stopped, and goes on without the
// scope. Implemented with an atomic counter.
class scope : public spawner
{
public:
	// Makes an empty scope. Tasks that are spawned in it run on this executor. Context: any.
	explicit scope(const executor &executor) noexcept : spawner(executor.shared_, nullptr) {}
	// Makes one in a task, for the task's executor. It takes what co_await this_task::self() gives. Context: a task.
	explicit scope(task_ref task) noexcept : spawner(executor_ref(task.exec()), nullptr) {}
	~scope() = default;

	// Starts a task. Its result is dropped; a job keeps it. What the task takes by reference has to outlive the
	// scope. Context: atomic, if the task has been made before; hard interrupt, if the frames of the task and of
	// those among its parameters are in a task_storage. Errors: ENOMEM if there was no memory for the task;
	// ECANCELED after a stop request, or if the executor is gone; EINVAL if the executor runs in interrupts, and the
	// task or one among its parameters has no task_storage. The task is destroyed then.
	template <class T>
	[[nodiscard]] result<void> spawn(task<T> made) noexcept
	{
		return post(made.release());
	}

	// Starts n tasks, of which make(i) makes the i-th, in this order, and wakes the executor's thread once. Context:
	// that of make(). Errors: those of spawn(); all tasks are destroyed then, and none begins.
	template <class Make>
	[[nodiscard]] result<void> spawn_n(unsigned int n, Make make)
	{
		burst all(*this);

		for (unsigned int i = 0; i < n; ++i) {
			if (auto added = all.add(make(i).release()); !added)
				return added;
		}
		return all.post();
	}

	// For a task of the same executor: waits until all tasks have ended. A stop of the awaiting task is passed
	// on to the scope. Context: a task. Errors: ECANCELED if the awaiting task was stopped, also then after all
	// have ended; EINVAL in a task of another executor or of the scope itself, or if another task waits already.
	[[nodiscard]] join_awaiter join() noexcept { return join_awaiter(*this); }
};

// One task and its result: what jthread is to a thread. Lifetime: it may outlive its executor. The destructor
// requests a stop and waits until the task has ended. Implemented with scope's counter.
template <class T>
class job : public spawner
{
public:
	// Makes a job that has no task yet. Context: any.
	explicit job(const executor &executor) noexcept : spawner(executor.shared_, ended) {}
	~job() { finish(); }

	// Starts the task. Context: that of scope::spawn().
	// Errors: those of scope::spawn(); EBUSY if there was a task before.
	[[nodiscard]] result<void> spawn(task<T> made) noexcept
	{
		if (!made)
			return std::unexpected(errno_t::ENOMEM);
		if (spawned_.exchange(true))
			return std::unexpected(errno_t::EBUSY);

		// A task that is refused ends with this: it may own the job.
		burst one(*this);
		auto posted = one.add(made.release());

		if (posted)
			posted = one.post();
		if (!posted)
			spawned_ = false;
		return posted;
	}

	// Gives what the task returned, without waiting. Context: any. Errors: EAGAIN before it has ended; ECANCELED
	// if it was stopped before it began.
	[[nodiscard]] result<T> get() const noexcept
	{
		if (spawned_.load() && has_ended_.load(std::memory_order_acquire))
			return value_;
		return std::unexpected(errno_t::EAGAIN);
	}

	// Waits until the task has ended, and gives what it returned. Context: may sleep. Errors: EDEADLK from a task
	// of the same executor; EAGAIN if none was spawned.
	[[nodiscard]] result<T> join() noexcept
	{
		if (auto waited = wait(); !waited)
			return std::unexpected(waited.error());
		return get();
	}

private:
	static void ended(task_group &group, strand &task) noexcept
	{
		auto &self = static_cast<job &>(group);

		if (task.has_begun())
			self.value_ = std::move(static_cast<task_promise<T> &>(task).value);
		self.has_ended_.store(true, std::memory_order_release);
	}

	result<T> value_ = std::unexpected(errno_t::ECANCELED);
	std::atomic<bool> spawned_{false}, has_ended_{false};
};
} // namespace kthread
