// SPDX-License-Identifier: GPL-2.0
#include "beat_tasks.hpp"

#include <bit>

#include "kthread/static_object.hpp"
#include "kthread/task_view.hpp"
#include "messages.hpp"

kthread::result<void> beat_thread::create()
{
	auto made = kthread::executor::run(name_,
					   {.node = options_.node, .cpu = static_cast<int>(cpu_)});

	if (!made)
		return std::unexpected(made.error());
	tasks_ = std::move(*made);
	switch (options_.policy) {
	case HEARTBEAT_FIFO:
		(void)tasks_.set_fifo();
		break;
	case HEARTBEAT_FIFO_LOW:
		(void)tasks_.set_fifo_low();
		break;
	default:
		(void)tasks_.set_normal(options_.nice);
		break;
	}
	// The thread sets its priority itself, after its policy.
	kthread::scope first(tasks_);
	if (auto spawned = first.spawn(begin()); !spawned)
		return spawned;
	return first.wait();
}

kthread::task<void> beat_thread::begin()
{
	if (options_.priority)
		heartbeat_set_priority(options_.priority);
	heartbeat_trace_start(name_, tasks_.pid());
	co_return {};
}

void beat_thread::settle()
{
	struct nothing {
		static kthread::task<void> run() { co_return {}; }
	};
	kthread::scope last(tasks_);

	// Without memory for the task the caller does not wait.
	if (last.spawn(nothing::run()))
		(void)last.wait();
}

kthread::result<void>
beat_thread::for_each_task(void (*show)(const heartbeat_task *task, void *data), void *data) const
{
	return kthread::for_each_task(tasks_, [=, this](const kthread::task_view &each) {
		const heartbeat_task task{
			.thread = name_,
			.task = each.task,
			.function = each.function,
			.waiting = each.waiting,
			.state = each.state,
			.what = each.what,
			.deadline = each.deadline,
		};

		show(&task, data);
	});
}

void beat_thread::trace_park(bool paused)
{
	const bool parked = paused || offline;

	if (parked == parked_)
		return;
	parked_ = parked;
	heartbeat_trace_park(name_, tasks_.pid(), parked);
}

void beat_sum::add(const heartbeat_status &status)
{
	if (status.beats && (!beats || status.min_ns < min_ns))
		min_ns = status.min_ns;
	if (status.max_ns > max_ns)
		max_ns = status.max_ns;
	++tasks;
	beats += status.beats;
	missed += status.missed;
	latency_ns += status.mean_ns * status.beats;
}

void beat_sum::say() const
{
	if (tasks)
		pr_info("%u tasks stopped: %llu beats, %llu missed, latency %llu/%llu/%llu us",
			tasks, beats, missed, min_ns / 1000, beats ? latency_ns / beats / 1000 : 0,
			max_ns / 1000);
}

kthread::result<void> task_beater::create()
{
	made_ = run();
	if (!made_)
		return std::unexpected(kthread::errno_t::ENOMEM);
	return {};
}

void task_beater::begin(bool paused)
{
	pause(paused);
	begun_ = true;
	// There is memory for it, and neither the scope nor the thread has been stopped.
	(void)own_.spawn(std::move(made_));
}

void task_beater::set_period(unsigned int period_us)
{
	every_.set_period_us(period_us);
	changed_.set();
}

void task_beater::pause(bool wanted)
{
	if (wanted == paused_)
		return;
	if (!wanted)
		every_.restart();
	paused_ = wanted;
	changed_.set();
}

void task_beater::cpu_offline()
{
	offline_ = true;
	pause(true);
}

void task_beater::cpu_online(bool paused)
{
	offline_ = false;
	pause(paused);
}

void task_beater::stop()
{
	heartbeat_status status;

	(void)own_.wait();
	if (!begun_)
		return;
	measured_.get(status);
	stopped_.add(status);
}

void task_beater::show(void (*show)(const heartbeat_status *status, void *data), void *data) const
{
	const kthread::name name("%s/%u", options_.name, id());
	heartbeat_status status;

	measured_.get(status);
	status.name = name;
	status.pid = thread_.tasks().pid();
	status.cpu = thread_.tasks().cpu();
	status.state = paused_ ? 'P' : thread_.tasks().state();
	show(&status, data);
}

kthread::task<void> task_beater::run()
{
	every_.restart();
	for (;;) {
		const auto due = paused_ ? kthread::never : every_.next();
		auto changed = co_await changed_.wait(due);

		if (changed)
			continue;
		if (changed.error() != kthread::errno_t::ETIMEDOUT)
			break;
		if (paused_)
			continue;
		every_.beat();
		measured_.beat(static_cast<unsigned long long>(every_.late().count()),
			       every_.missed(), live_,
			       [this] { return kthread::name("%s/%u", options_.name, id()); });
	}
	heartbeat_trace_stop(measured_.beats(), measured_.missed());
	co_return {};
}

task_heartbeat::~task_heartbeat()
{
	tasks_.stop();
	// Not one in the destructor of another, as there may be hundreds.
	while (threads_)
		threads_ = std::move(threads_->next);
	stopped_.say();
}

kthread::result<void> task_heartbeat::start()
{
	if (auto made = make_threads(); !made) {
		pr_err("method=task: no thread for a CPU: errno %d", -kthread::to_errno(made));
		return made;
	}
	return set_threads(at_first_);
}

kthread::result<void> task_heartbeat::make_threads()
{
	auto *last = &threads_;

	for (int cpu = heartbeat_next_cpu(-1); cpu >= 0; cpu = heartbeat_next_cpu(cpu)) {
		last->reset(new (std::nothrow)
				    beat_thread(options_, static_cast<unsigned int>(cpu)));
		if (!*last)
			return std::unexpected(kthread::errno_t::ENOMEM);
		if (auto created = (*last)->create(); !created)
			return created;
		last = &(*last)->next;
		++size_;
	}
	return {};
}

// With per_cpu a task is named after its CPU.
const beat_thread &task_heartbeat::thread_of(unsigned int id) const
{
	const beat_thread *thread = threads_.get();

	if (options_.per_cpu) {
		while (thread->cpu() != id)
			thread = thread->next.get();
		return *thread;
	}
	for (id %= size_; id--;)
		thread = thread->next.get();
	return *thread;
}

kthread::result<void> task_heartbeat::make(unsigned int wanted, list &made)
{
	int cpu = -1;

	// scripts/frames tells the size of a beater's coroutine.
	constexpr std::size_t frame = 256;

	// The kernel would kill processes before it refused the memory.
	if ((wanted - tasks_.size()) * (std::bit_ceil(sizeof(task_beater)) + frame) >
	    heartbeat_available_memory()) {
		say_not_made(wanted, tasks_.size(), kthread::errno_t::ENOMEM);
		return std::unexpected(kthread::errno_t::ENOMEM);
	}
	for (unsigned int i = tasks_.size(); i < wanted; ++i) {
		if (options_.per_cpu)
			cpu = heartbeat_next_cpu(cpu);

		const unsigned int id = options_.per_cpu ? static_cast<unsigned int>(cpu) : i;
		std::unique_ptr<task_beater> next(new (std::nothrow) task_beater(
			options_, live_, stopped_, thread_of(id), period_us_, id));
		kthread::result<void> created = std::unexpected(kthread::errno_t::ENOMEM);

		if (next)
			created = next->create();
		if (!created) {
			say_not_made(wanted, i, created.error());
			return created;
		}
		made.append(std::move(next));
		kthread::this_thread::yield();
	}
	return {};
}

kthread::result<void> task_heartbeat::set_threads(unsigned int wanted)
{
	list other;

	if (wanted < tasks_.size())
		tasks_.split(wanted, other);
	if (wanted <= tasks_.size())
		return {};
	if (auto made = make(wanted, other); !made)
		return made;
	if (!tasks_.size())
		pr_info("loaded: %u tasks on %u threads, period %u us", wanted, size_, period_us_);
	trace_park();
	other.for_each([this](task_beater &each) { each.begin(paused_); });
	tasks_.append(other);
	return {};
}

void task_heartbeat::set_period(unsigned int period_us)
{
	period_us_ = period_us;
	tasks_.for_each([=](task_beater &each) { each.set_period(period_us); });
	settle();
}

void task_heartbeat::set_paused(bool paused)
{
	paused_ = paused;
	tasks_.for_each([=](task_beater &each) { each.set_paused(paused); });
	settle();
	trace_park();
}

void task_heartbeat::trace_park()
{
	for (auto *each = threads_.get(); each; each = each->next.get())
		each->trace_park(paused_);
}

void task_heartbeat::settle()
{
	for (auto *each = threads_.get(); each; each = each->next.get())
		each->settle();
}

void task_heartbeat::cpu_offline(unsigned int cpu)
{
	tasks_.for_each([=, this](task_beater &each) {
		if (options_.per_cpu && each.id() == cpu)
			each.cpu_offline();
	});
	set_offline(cpu, true);
}

void task_heartbeat::cpu_online(unsigned int cpu)
{
	tasks_.for_each([=, this](task_beater &each) {
		if (options_.per_cpu && each.id() == cpu)
			each.cpu_online(paused_);
	});
	set_offline(cpu, false);
}

void task_heartbeat::set_offline(unsigned int cpu, bool offline)
{
	for (auto *each = threads_.get(); options_.per_cpu && each; each = each->next.get()) {
		if (each->cpu() == cpu)
			each->offline = offline;
	}
	trace_park();
}

void task_heartbeat::reset()
{
	tasks_.for_each([](task_beater &each) { each.reset(); });
}

void task_heartbeat::for_each(void (*show)(const heartbeat_status *status, void *data),
			      void *data) const
{
	tasks_.for_each([=](const task_beater &each) { each.show(show, data); });
}

kthread::result<void> task_heartbeat::for_each_task(void (*show)(const heartbeat_task *task,
								 void *data),
						    void *data) const
{
	for (const auto *each = threads_.get(); each; each = each->next.get()) {
		if (auto shown = each->for_each_task(show, data); !shown)
			return shown;
	}
	return {};
}

static constinit kthread::static_object<task_heartbeat> by_tasks;

int heartbeat_each_task(void (*show)(const heartbeat_task *task, void *data), void *data)
{
	return kthread::to_errno(by_tasks->for_each_task(show, data));
}

kthread::result<void> start_tasks(const heartbeat_options &options, unsigned int tasks,
				  unsigned int period_us, unsigned int log, unsigned int breaktrace,
				  bool paused)
{
	return by_tasks.emplace(options, tasks, period_us, log, breaktrace, paused);
}

void stop_tasks()
{
	by_tasks.reset();
}
