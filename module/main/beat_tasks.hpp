// SPDX-License-Identifier: GPL-2.0
//
// method=task: what beats are tasks, on one thread for each CPU.
#pragma once

#include "beat_ticker.hpp"
#include "beater_list.hpp"
#include "beating.hpp"
#include "kthread/executor.hpp"

// A thread that is bound to a CPU and runs tasks.
class beat_thread
{
public:
	beat_thread(const heartbeat_options &options, unsigned int cpu)
		: options_(options), cpu_(cpu), name_("%s/%u", options.name, cpu)
	{
	}

	kthread::result<void> create();
	// Waits until all tasks have run that are ready.
	void settle();
	kthread::result<void> for_each_task(void (*show)(const heartbeat_task *task, void *data),
					    void *data) const;
	// Whether all its tasks are paused. Traces only what has changed.
	void trace_park(bool paused);

	[[nodiscard]] unsigned int cpu() const { return cpu_; }
	[[nodiscard]] const kthread::executor &tasks() const { return tasks_; }

	std::unique_ptr<beat_thread> next;
	bool offline = false; // its CPU, for which its task waits

private:
	kthread::task<void> begin();

	const heartbeat_options &options_;
	const unsigned int cpu_;
	const kthread::name name_;
	bool parked_ = false;
	kthread::executor tasks_;
};

// What the tasks that have ended had measured.
struct beat_sum {
	unsigned int tasks = 0;
	unsigned long long beats = 0, missed = 0, min_ns = 0, max_ns = 0, latency_ns = 0;

	void add(const heartbeat_status &status);
	void say() const;
};

// A task that beats, and what it measures.
class task_beater
{
public:
	task_beater(const heartbeat_options &options, const live_settings &live, beat_sum &stopped,
		    const beat_thread &thread, unsigned int period_us, unsigned int id)
		: options_(options), live_(live), stopped_(stopped), thread_(thread),
		  every_(options, id, period_us), own_(thread.tasks())
	{
	}

	kthread::result<void> create();
	void begin(bool paused);
	void set_period(unsigned int period_us);
	void pause(bool wanted);
	void set_paused(bool paused) { pause(paused || offline_); }
	void cpu_offline();
	void cpu_online(bool paused);
	void reset() { measured_.reset(); }
	void request_stop() { own_.request_stop(); }
	void stop();
	void show(void (*show)(const heartbeat_status *status, void *data), void *data) const;

	[[nodiscard]] unsigned int id() const { return every_.id(); }

	task_beater *next = nullptr; // in its list

private:
	kthread::task<void> run();

	const heartbeat_options &options_;
	const live_settings &live_;
	beat_sum &stopped_;
	const beat_thread &thread_;
	kthread::task<void> made_; // until it begins
	bool begun_ = false, offline_ = false;
	std::atomic<bool> paused_{false};
	beat_ticker every_;
	kthread::event changed_; // something that the task has to look at
	measured measured_;
	kthread::scope own_;
};

class task_heartbeat final : public beating
{
public:
	task_heartbeat(const heartbeat_options &options, unsigned int tasks, unsigned int period_us,
		       unsigned int log, unsigned int breaktrace, bool paused)
		: beating(options, period_us, log, breaktrace, paused), at_first_(tasks)
	{
	}
	~task_heartbeat();

	kthread::result<void> start();
	kthread::result<void> set_threads(unsigned int wanted) override;
	void set_period(unsigned int period_us) override;
	void set_paused(bool paused) override;
	void cpu_offline(unsigned int cpu) override;
	void cpu_online(unsigned int cpu) override;
	void reset() override;
	void for_each(void (*show)(const heartbeat_status *status, void *data),
		      void *data) const override;
	kthread::result<void> for_each_task(void (*show)(const heartbeat_task *task, void *data),
					    void *data) const;

private:
	using list = beater_list<task_beater>;

	kthread::result<void> make_threads();
	kthread::result<void> make(unsigned int wanted, list &made);
	[[nodiscard]] const beat_thread &thread_of(unsigned int id) const;
	void settle();
	void set_offline(unsigned int cpu, bool offline);
	void trace_park();

	const unsigned int at_first_;
	std::unique_ptr<beat_thread> threads_;
	unsigned int size_ = 0; // of the threads
	beat_sum stopped_;
	list tasks_;
};
