// SPDX-License-Identifier: GPL-2.0
//
// The inside of an executor. It is for the library:
//
//	bool post_again(kthread::executor_state &executor, kthread::task_node &node)
//	{
//		return executor.post(node);
//	}
#pragma once

#include "bridge/task_tracer.h"
#include "kthread/executor.hpp"
#include "kthread/task_when.hpp"

namespace kthread
{
struct task_view;

// For the library: what a task is doing. Context: the executor's thread.
task_view view_of(const strand &task) noexcept;

// For the library: who traces the tasks of this module; mostly null.
[[nodiscard]] inline const bridge_task_tracer *task_tracer() noexcept
{
	return __atomic_load_n(&kthread_task_tracer, __ATOMIC_RELAXED);
}

// For the library: tells the tracer, if it is still there.
using task_step = decltype(&bridge_task_tracer::spawn);
[[gnu::cold]] void trace_step(const strand &task, task_step step) noexcept;
[[gnu::cold]] void trace_wait(const strand &task) noexcept;

// For the library: a context that has taken a task out of its event, or an executor out of its sleep, and is preempted
// before it wakes the executor would hold up all tasks there. Whatever ends an executor waits for the end of this too,
// by RCU.
class interrupts_off
{
public:
	interrupts_off() noexcept : before_(native::bridge_interrupts_off()) {}
	interrupts_off(const interrupts_off &) = delete;
	interrupts_off &operator=(const interrupts_off &) = delete;
	~interrupts_off() { native::bridge_interrupts_restore(before_); }

private:
	const unsigned long before_;
};

// For the library: what an executor, its thread and its scopes share. Others only put something into the inbox: a task
// that is spawned, a task whose event has come, a group that shall stop. Everything else is the thread's own. So each
// wait ends on this thread. An event that was set may still be on its way through the inbox: it has its task no more.
class executor_state : public executor_face
{
public:
	explicit executor_state(bool in_interrupt = false) noexcept : in_interrupt(in_interrupt) {}
	executor_state(const executor_state &) = delete;
	executor_state &operator=(const executor_state &) = delete;
	~executor_state() override = default;

	// Its tasks run in the interrupt of a timer, and it has no thread.
	const bool in_interrupt;

	void get() noexcept { refs_.fetch_add(1, std::memory_order_relaxed); }
	void put() noexcept
	{
		if (refs_.fetch_sub(1) == 1)
			delete this;
	}

	// From its creation on, until its owner destroys it. If the module forgets it, its tasks are stopped when the
	// module goes.
	void join_module() noexcept;
	void leave_module() noexcept
	{
		if (std::exchange(is_listed_, false))
			bridge_module_remove(&place_);
	}

	// From any context: one, or several that are linked from the newest to the oldest. False if the executor is closed.
	bool post(task_node &node) noexcept { return post(node, node); }
	bool post(task_node &newest, task_node &oldest) noexcept;

	void set_thread(thread_state *thread) noexcept
	{
		thread_ = thread;
		task_.store(thread->task, std::memory_order_relaxed);
	}
	[[nodiscard]] bool is_self() const noexcept
	{
		if (const task_struct *const own = bridge_own_thread())
			return own == task_.load(std::memory_order_relaxed);
		if (!in_interrupt)
			return false;

		const unsigned int cpu = bridge_hardirq_cpu();

		return cpu && cpu == interrupted_.load(std::memory_order_relaxed);
	}

	// From any context, when the event of the task has come. On the executor's own thread it needs no inbox.
	void notify(strand &task) noexcept
	{
		if (is_self())
			arrive(task);
		else
			(void)post(task);
	}

	// The thread. When it has ended, and if it was never called.
	int run(const stop_token &stop, int cpu);
	virtual void close() noexcept;
	// Makes all tasks stop, before close(). An executor on a thread is asked by the thread's handle instead.
	virtual void ask() noexcept {}

	// Its tasks.
	void end(strand &task) noexcept { ended_ = &task; }
	void ready(strand &task) noexcept
	{
		task.state = strand::runs;
		task.next = nullptr;
		*last_ready_ = &task;
		last_ready_ = reinterpret_cast<strand **>(&task.next);
	}
	void sleep(strand &task, long long due, long long slack) noexcept;
	void await(strand &task, event &event, long long deadline, long long slack) noexcept;
	void join(strand &task, task_group &group) noexcept;
	void start(strand &task, task_group &group, strand *const *children,
		   unsigned int count) noexcept;
	void limit(task_limit &limit) noexcept { wheel_.add(limit); }
	void free(task_limit &limit) noexcept;
	void stop(task_group &group) noexcept;
	bool let_go(task_group &group) noexcept;
	void run_until_empty(task_group &group) noexcept;
	static void drop(task_group &group) noexcept;
	template <class F>
	void for_each(F f) const noexcept
	{
		unsigned int n = 0;

		for (const task_group *group = groups_; group; group = group->next) {
			for (const strand *task = group->first; task; task = task->sibling) {
				lets_others_run(++n);
				f(*task);
			}
		}
	}

protected:
	// So many tasks run, and so many are taken from the inbox and from the wheel, before others may use the
	// processor; and so often a task may go on before the other tasks may.
	static constexpr unsigned int most = 64;

	static task_node *asleep() noexcept { return reinterpret_cast<task_node *>(1ul); }
	static task_node *closed() noexcept { return reinterpret_cast<task_node *>(2ul); }

	// For the library: its place among the objects of the module.
	struct place : bridge_link {
		executor_state &state;
	};

	static void left_behind(bridge_link *link, bridge_end how) noexcept;
	virtual void wake() noexcept { thread_->wake(); }
	bool works() noexcept;
	void take_all(task_node *instead) noexcept;
	void take() noexcept;
	void take(task_node &node) noexcept;
	void arrive(strand &task) noexcept;
	void add(strand &task) noexcept;
	void remove(strand &task) noexcept;
	void begin(strand &task) noexcept;
	void expire(task_node &timer) noexcept;
	template <bool traced>
	void resume(strand &task) noexcept;
	void resume_traced(strand &task) noexcept;
	void finish(strand &task) noexcept;
	bool withdraw(strand &task, strand::ends how) noexcept;
	void stop_wait(strand &task) noexcept;
	void sleep_once() noexcept;
	// Whether the executor shall end. The first look that finds it stops all tasks.
	bool is_asked() const noexcept
	{
		return stop_ ? stop_->stop_requested() : closes_.load(std::memory_order_relaxed);
	}
	void look_for_stop() noexcept
	{
		if (!stopping_ && is_asked()) [[unlikely]]
			stop_all();
	}
	void stop_all() noexcept;
	// In a loop over all tasks, which may be 100,000.
	void lets_others_run(unsigned int n) const noexcept
	{
		if (n % most == 0 && !in_interrupt)
			bridge_yield();
	}

	place place_{{}, *this};
	bool is_listed_ = false;                  // the owner's own
	std::atomic<task_node *> inbox_{nullptr}; // or asleep(), or closed()
	std::atomic<task_struct *> task_{nullptr};
	// The number of the CPU on which tasks run in an interrupt, plus 1; otherwise 0.
	std::atomic<unsigned int> interrupted_{0};
	thread_state *thread_ = nullptr;
	std::atomic<unsigned int> refs_{0};

	// The thread's own.
	task_node *taken_ = nullptr; // from the inbox, in order
	strand *ready_ = nullptr, **last_ready_ = &ready_;
	strand *ended_ = nullptr;
	// The task whose code is called. If there is none, the group of the task whose frame goes.
	strand *running_ = nullptr;
	task_group *ending_ = nullptr;
	// Of before a call of run_until_empty(): those that were ready, and these two. And those of the call around it.
	// Lifetime: the call's.
	struct set_aside {
		strand *first, **last;
		strand *running;
		task_group *ending;
		set_aside *outer;
	};
	set_aside *aside_ = nullptr;
	// Those that have ended their own groups.
	task_group strays_{this, nullptr};
	task_group *groups_ = nullptr;     // that have tasks and were spawned to
	const stop_token *stop_ = nullptr; // while the body runs
	std::atomic<bool> closes_{false};  // asked by close(), where there is no body
	bool stopping_ = false;
	timer_wheel wheel_;
	task_frames frames_;
};

// For the library: the executor of a task.
inline executor_state &state_of(const strand &task) noexcept
{
	return static_cast<executor_state &>(task.exec());
}
} // namespace kthread
