// SPDX-License-Identifier: GPL-2.0
//
// What the thread of an executor does.
#include "kthread/executor_state.hpp"

namespace kthread
{
bool executor_state::post(task_node &newest, task_node &oldest) noexcept
{
	task_node *head = inbox_.load(std::memory_order_acquire);

	for (;;) {
		if (head == closed()) {
			// What stood there in an earlier look is not the caller's.
			oldest.next = nullptr;
			return false;
		}
		if (head == asleep()) {
			const interrupts_off off;

			oldest.next = nullptr;
			if (inbox_.compare_exchange_strong(head, &newest)) {
				wake();
				return true;
			}
		} else {
			oldest.next = head;
			if (inbox_.compare_exchange_weak(head, &newest))
				return true;
		}
	}
}

// Ends the wait of a task, which then is ready. False if it does not wait here any more.
bool executor_state::withdraw(strand &task, strand::ends how) noexcept
{
	if (task.state == strand::on_event) {
		strand *waiter = &task;

		if (!task.on->waiter_.compare_exchange_strong(waiter, nullptr))
			return false;
	} else if (task.state != strand::sleeps) {
		return false;
	}
	if (task.is_armed())
		wheel_.remove(task);
	task.how = how;
	ready(task);
	return true;
}

// Stops the tasks of the group, and of the groups that they wait for. While others run in between, nothing of this
// changes: it is the thread's own.
void executor_state::stop(task_group &group) noexcept
{
	unsigned int n = 0;
	task_group *list = nullptr;
	const auto add = [&list](task_group &g) {
		if (!std::exchange(g.has_stopped, true))
			g.next_stopped = std::exchange(list, &g);
	};

	group.stopping.store(true, std::memory_order_relaxed);
	add(group);
	while (list) {
		task_group &g = *std::exchange(list, list->next_stopped);

		for (strand *task = g.first; task; task = task->sibling) {
			lets_others_run(++n);
			task->add_stops(1);
			if (task->state == strand::on_group) {
				task->group->stopping.store(true, std::memory_order_relaxed);
				add(*task->group);
			} else {
				(void)withdraw(*task, strand::stopped);
			}
		}
	}
}

// Stops what the task waits for, which counts its stops itself.
void executor_state::stop_wait(strand &task) noexcept
{
	if (task.state == strand::on_group)
		stop(*task.group);
	else
		(void)withdraw(task, strand::stopped);
}

// Puts a task into its group.
void executor_state::add(strand &task) noexcept
{
	task_group &group = *task.owner;

	task.sibling = group.first;
	task.sibling_link = &group.first;
	if (task.sibling) {
		task.sibling->sibling_link = &task.sibling;
	} else {
		group.next = groups_;
		group.link = &groups_;
		if (groups_)
			groups_->link = &group.next;
		groups_ = &group;
	}
	group.first = &task;
}

void executor_state::begin(strand &task) noexcept
{
	add(task);
	if (stopping_ || task.owner->has_stopped)
		return finish(task);
	task.kind = task_node::begun;
	ready(task);
}

// The event has come before the deadline, or before the stop.
inline void executor_state::arrive(strand &task) noexcept
{
	if (task.is_armed())
		wheel_.remove(task);
	task.how = strand::done;
	ready(task);
}

void executor_state::take(task_node &node) noexcept
{
	if (node.kind == task_node::control) {
		task_group &group = static_cast<task_group::control_node &>(node).group;

		stop(group);
		return drop(group);
	}

	auto &task = static_cast<strand &>(node);

	if (node.kind == task_node::fresh) {
		running_ = nullptr;
		return begin(task);
	}
	arrive(task);
}

// Takes the inbox, in the order in which it was filled.
void executor_state::take_all(task_node *instead) noexcept
{
	task_node *list = inbox_.exchange(instead);

	if (list == asleep() || list == closed())
		return;

	task_node *first = taken_;

	while (list) {
		task_node *const node = std::exchange(list, list->next);

		node->next = std::exchange(first, node);
	}
	taken_ = first;
}

void executor_state::take() noexcept
{
	if (!taken_ && inbox_.load(std::memory_order_relaxed))
		take_all(nullptr);
	for (unsigned int n = 0; taken_ && n < most; ++n)
		take(*std::exchange(taken_, taken_->next));
}

inline void executor_state::expire(task_node &timer) noexcept
{
	if (timer.state == task_node::sleeps) [[likely]]
		return ready(static_cast<strand &>(timer));
	if (timer.kind != task_node::limit)
		return void(withdraw(static_cast<strand &>(timer), strand::late));

	auto &limit = static_cast<task_limit &>(timer);

	limit.has_come = true;
	limit.of->add_stops(1);
	stop_wait(*limit.of);
}

// The task goes on until it waits, or until it is the others' turn.
template <bool traced>
inline void executor_state::resume(strand &task) noexcept
{
	auto at = task.leaf;

	running_ = &task;
	if constexpr (traced)
		trace_step(task, &bridge_task_tracer::run);
	for (unsigned int n = 0; n < most; ++n) {
		at.resume();
		// It is null again when another resume() comes, also inside of this one.
		if (!next) {
			if (ended_) {
				running_ = nullptr;
				finish(*std::exchange(ended_, nullptr));
			} else if constexpr (traced) {
				trace_wait(task);
			}
			return;
		}
		at = std::exchange(next, nullptr);
	}
	task.leaf = at;
	ready(task);
	if constexpr (traced)
		trace_wait(task);
}

[[gnu::cold]] void executor_state::resume_traced(strand &task) noexcept
{
	resume<true>(task);
}

// Does a piece of what there is to do. Returns true if it knows of more.
bool executor_state::works() noexcept
{
	take();

	const long long at = ktime_get();

	now.store(at, std::memory_order_relaxed);

	const bool more = wheel_.expire(
		at, most, [this](wheel_timer &timer) { expire(static_cast<task_node &>(timer)); });

	for (unsigned int n = 0; ready_ && n < most; ++n) {
		strand &task = *ready_;

		ready_ = static_cast<strand *>(task.next);
		if (!ready_)
			last_ready_ = &ready_;
		if (task_tracer()) [[unlikely]]
			resume_traced(task);
		else
			resume<false>(task);
	}
	return more || ready_ || taken_;
}

[[gnu::cold]] void executor_state::stop_all() noexcept
{
	unsigned int n = 0;

	stopping_ = true;
	for (task_group *group = groups_; group; group = group->next) {
		lets_others_run(++n);
		stop(*group);
	}
}

int executor_state::run(const stop_token &stop, int cpu)
{
	wheel_.start(ktime_get());
	frames_.begin();
	stop_ = &stop;
	for (;;) {
		look_for_stop();
		bridge_bind_again(cpu);
		const bool more = works();
		const bool ends = stopping_ && !groups_;
		task_node *none = nullptr;

		if (more || !inbox_.compare_exchange_strong(none, ends ? closed() : asleep()))
			(void)stop.yield();
		else if (ends)
			break;
		else if (stopping_)
			sleep_once();
		else
			(void)stop.wait_until(
				steady_clock::time_point(std::chrono::nanoseconds(wheel_.next())),
				[this] {
					return inbox_.load(std::memory_order_relaxed) != asleep();
				});
	}
	stop_ = nullptr;
	frames_.end();
	return 0;
}

// A stop that the tasks do not know of yet ends this sleep.
void executor_state::sleep_once() noexcept
{
	bridge_idle(true);
	if (inbox_.load(std::memory_order_relaxed) == asleep() && (stopping_ || !is_asked())) {
		long long time = wheel_.next();

		if (time == timer_wheel::never_due)
			schedule();
		else
			(void)schedule_hrtimeout(&time,
						 static_cast<hrtimer_mode>(BRIDGE_TIMER_ABSOLUTE));
	}
	bridge_awake();
}

inline void executor_state::sleep(strand &task, long long due, long long slack) noexcept
{
	task.how = task.stops ? strand::stopped : strand::done;
	if (task.stops || due <= now.load(std::memory_order_relaxed))
		return void(next = task.leaf);
	task.state = strand::sleeps;
	if (due == timer_wheel::never_due)
		return;
	task.tick = timer_wheel::tick_of(due, slack);
	wheel_.add(task);
}

inline void executor_state::await(strand &task, event &event, long long deadline,
				  long long slack) noexcept
{
	if (task.stops) {
		task.how = strand::stopped;
		return void(next = task.leaf);
	}
	task.state = strand::on_event;
	task.on = &event;
	if (deadline != timer_wheel::never_due) {
		// Before anybody can post the task, who does not look at the wheel.
		task.tick = timer_wheel::tick_of(deadline, slack);
		wheel_.add(task);
	}

	strand *was = nullptr;
	strand *next_waiter = &task;

	// An event that is set is not any more. The exchange sees what the last set() of several comes after.
	while (!event.waiter_.compare_exchange_weak(was, next_waiter)) {
		if (was && was != event::is_set())
			break;
		next_waiter = was ? nullptr : &task;
	}
	if (!was)
		return;
	task.how = was == event::is_set() ? strand::done : strand::busy;
	task.state = strand::runs;
	if (task.is_armed())
		wheel_.remove(task);
	next = task.leaf;
}

inline void executor_state::join(strand &task, task_group &group) noexcept
{
	bool is_foreign = group.exec != this || group.joiner;

	// It would wait for itself, or for a task that waits for it.
	for (const strand *each = &task; each && each->owner; each = each->owner->joiner)
		is_foreign |= each->owner == &group;

	task.how = is_foreign ? strand::foreign : task.stops ? strand::stopped : strand::done;
	if (is_foreign || !group.pending.load())
		return void(next = task.leaf);
	task.state = strand::on_group;
	task.group = &group;
	group.joiner = &task;
	if (task.stops)
		stop(group);
}

void executor_state::start(strand &task, task_group &group, strand *const *children,
			   unsigned int count) noexcept
{
	group.exec = this;
	group.joiner = &task;
	group.is_local = true;
	group.has_stopped = task.stops;
	group.pending.store(count, std::memory_order_relaxed);
	task.how = strand::done;
	task.state = strand::on_group;
	task.group = &group;
	for (unsigned int i = 0; i < count; ++i) {
		children[i]->owner = &group;
		children[i]->frame = children[i]->leaf.address();
		if (task_tracer()) [[unlikely]]
			trace_step(*children[i], &bridge_task_tracer::spawn);
		begin(*children[i]);
	}
}

void executor_state::free(task_limit &limit) noexcept
{
	if (limit.is_armed())
		wheel_.remove(limit);
	if (limit.has_come && limit.of->stops != strand::most_stops)
		--limit.of->stops;
}

void task_is_limited(strand &self, task_limit &limit, long long due, long long slack) noexcept
{
	limit.of = &self;
	limit.tick = timer_wheel::tick_of(due, slack);
	state_of(self).limit(limit);
}

void task_is_free(task_limit &limit) noexcept
{
	state_of(*limit.of).free(limit);
}

void task_starts(strand &self, std::coroutine_handle<> at, task_group &group,
		 strand *const *children, unsigned int count) noexcept
{
	self.leaf = at;
	state_of(self).start(self, group, children, count);
}

void task_group_stops(task_group &group) noexcept
{
	static_cast<executor_state *>(group.exec)->stop(group);
}

void task_yields(strand &self, std::coroutine_handle<> at) noexcept
{
	self.leaf = at;
	self.how = self.stops ? strand::stopped : strand::done;
	state_of(self).ready(self);
}

void task_ends(strand &self, void *frame) noexcept
{
	self.frame = frame;
	state_of(self).end(self);
}

void task_sleeps(strand &self, std::coroutine_handle<> at, long long due, long long slack) noexcept
{
	self.leaf = at;
	state_of(self).sleep(self, due, slack);
}

void task_awaits(strand &self, std::coroutine_handle<> at, event &event, long long deadline,
		 long long slack) noexcept
{
	self.leaf = at;
	state_of(self).await(self, event, deadline, slack);
}

void task_joins(strand &self, std::coroutine_handle<> at, task_group &group) noexcept
{
	self.leaf = at;
	state_of(self).join(self, group);
}

void event::set() noexcept
{
	strand *was = waiter_.load(std::memory_order_relaxed);

	for (;;) {
		if (!was || was == is_set()) {
			if (waiter_.compare_exchange_weak(was, is_set()))
				return;
			continue;
		}

		const interrupts_off off;

		// The task waits until it has arrived.
		if (waiter_.compare_exchange_strong(was, nullptr))
			return state_of(*was).notify(*was);
	}
}
} // namespace kthread
