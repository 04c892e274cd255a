// SPDX-License-Identifier: GPL-2.0
//
// A thread that runs what it is given, in order, and items to give it:
//
//	int blink(void (*toggle)())
//	{
//		auto worker = kthread::worker::run("blink");
//
//		if (!worker)
//			return kthread::to_errno(worker);
//		kthread::work now(*worker, toggle);
//		kthread::delayed_work later(*worker, toggle);
//
//		now.queue();
//		later.queue_after(500ms);
//		return kthread::to_errno(later.flush());
//	}
//
// The kernel's kthread_worker, remade: the thread is woken only when it sleeps, and an item that dies
// is cancelled first.
#pragma once

#include "kthread/jthread.hpp"

namespace kthread
{
// A place in the list of what is to run.
struct work_node {
	work_node *next = nullptr;
	work_node *prev = nullptr;
	void (*const call)(work_node &) = nullptr;
};

class worker_state;

// Shared by the worker, its thread and its items, any of which may be the last.
class worker_ref
{
public:
	constexpr worker_ref() noexcept = default;
	explicit worker_ref(worker_state *state) noexcept;
	worker_ref(const worker_ref &other) noexcept : worker_ref(other.state_) {}
	worker_ref(worker_ref &&other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
	worker_ref &operator=(worker_ref other) noexcept
	{
		std::swap(state_, other.state_);
		return *this;
	}
	~worker_ref();

	explicit operator bool() const noexcept { return state_; }
	worker_state *operator->() const noexcept { return state_; }

private:
	worker_state *state_ = nullptr;
};

struct worker_options {
	bool freezable = false; // freezes between two items when the system suspends
	int node = BRIDGE_NO_NODE;
};

// The thread that items are bound to. Move-only. Items may outlive it, and are then never queued.
class worker : jthread
{
public:
	worker() noexcept = default;
	worker(worker &&) noexcept = default;
	worker &operator=(worker &&other) noexcept
	{
		worker moved(std::move(other));
		std::swap(state_, moved.state_);
		std::swap(shared_, moved.shared_);
		return *this;
	}
	// Lets nobody queue any more, runs what is pending, unparked if need be, and waits for it. Items
	// that wait for their timer do not run. Context: may sleep. Not from an item of its own.
	~worker();

	// A worker whose thread does not run yet: the first item starts it, or wake(). For that
	// time see jthread::create(), whose errors are the same. Context: may sleep.
	[[nodiscard]] static result<worker> create(const char *name, worker_options options = {},
						   lock_site site = lock_site::current());

	// create() and wake(). Context: may sleep.
	[[nodiscard]] static result<worker> run(const char *name, worker_options options = {},
						lock_site site = lock_site::current());

	// Waits until all that was queued before has run; with a parked worker, until it is
	// unparked. Context: may sleep. Errors: EDEADLK from an item of its own; ESRCH if empty.
	result<void> flush();

	// As those of other threads. A worker parks between two items, and they wait meanwhile.
	using jthread::bind, jthread::bind_list, jthread::park, jthread::unpark, jthread::wake;
	using jthread::cpu, jthread::joinable, jthread::pid, jthread::progress, jthread::state;
	using jthread::set_nice, jthread::set_fifo, jthread::set_fifo_low, jthread::set_normal;

private:
	friend class work_item;

	worker_ref shared_;
};

// What can be done with an item, whatever it calls. An item is pending from when it is queued until
// the worker calls it; it never runs twice at a time.
class work_item : work_node
{
public:
	// True if it is pending now and was not before. False, and nothing changes, if it was
	// pending, is being cancelled, or if its worker is going or gone. What was written before,
	// the next run sees in either case of pending. The item may queue itself while it runs.
	// Context: hard interrupt. Wraps wake_up_process().
	bool queue();

	// Waits until it has run as often as it was queued before; an item whose time has not come is
	// queued at once. Another context that cancels the item meanwhile, or changes its time, takes the
	// run away, and this returns without it. Context: may sleep. Errors: EDEADLK from an item of the
	// same worker, if it would have to wait.
	result<void> flush();

	// Makes it neither pending nor running: takes it out of the queue, whatever other items do,
	// and waits for it if it runs, unless called by itself. Until then it cannot be queued.
	// True if it was pending. Context: may sleep.
	bool cancel();

	work_item(const work_item &) = delete;
	work_item &operator=(const work_item &) = delete;

protected:
	work_item(const worker &worker, void (*call)(work_node &), lock_site site,
		  bridge_timer *timer = nullptr)
		: work_node{.call = call}, shared_(worker.shared_), map_(site), timer_(timer)
	{
	}
	~work_item() = default;

	// The last cancel(), before what is called is destroyed.
	void retire();

	const worker_ref shared_;
	// Entered while the item runs.
	[[no_unique_address]] lockdep_map map_;

private:
	friend class worker_state;
	template <class Item, class F>
	friend class work_call;

	bool expect_to_wait();

	// The worker's lock guards these.
	bridge_timer *const timer_;
	enum : unsigned char { idle, delayed, queued } state_ = idle;
	unsigned int cancels_ = 0; // so many contexts wait for its end, and it cannot be queued
};

// An item that can wait for its time first; it is pending meanwhile, too.
class delayed_work_item : public work_item, bridge_timer
{
public:
	// queue() when the time is over. Returns what queue() does. Context: hard interrupt. Wraps
	// hrtimer_start().
	bool queue_after(timeout delay);

	// The same for an item that may be pending: its time is changed, also if it was over. True
	// if it was pending. False, and nothing changes, while it is being cancelled or if its
	// worker is going or gone. Context: hard interrupt.
	bool mod(timeout delay);

protected:
	delayed_work_item(const worker &worker, void (*call)(kthread::work_node &), lock_site site)
		: work_item(worker, call, site, this)
	{
		bridge_timer_init(this, expired);
	}
	~delayed_work_item() { bridge_timer_destroy(this); }

private:
	friend class worker_state;
	static void expired(bridge_timer *timer);

	steady_clock::time_point due_;
};

template <class Item, class F>
class work_call : public Item
{
	static constexpr bool takes_item = requires(F & f, Item &item) { f(item); };
	static_assert(
		takes_item || requires(F & f) { f(); },
		"an item's callable is called without arguments, or with the item");

protected:
	template <class G>
	work_call(const worker &worker, G &&f, lock_site site)
		: Item(worker, call, site), f_(std::forward<G>(f))
	{
	}
	~work_call() { this->retire(); }

private:
	static void call(work_node &node)
	{
		auto &self = static_cast<work_call &>(static_cast<work_item &>(node));
		// The item may be gone when the call returns.
		[[maybe_unused]] lockdep_map running(self.map_);

		running.enter();
		if constexpr (takes_item)
			self.f_(static_cast<Item &>(self));
		else
			self.f_();
		running.leave();
	}

	F f_;
};

// An item and its callable, which is called as void() or as void(work_item &), may sleep, and may
// as the last thing destroy the item. The destructor cancels it. Context: may sleep.
template <class F>
class work final : public work_call<work_item, F>
{
public:
	work(const worker &worker, F f, lock_site site = lock_site::current())
		: work_call<work_item, F>(worker, std::move(f), site)
	{
	}
};

// The same with a timer: void() or void(delayed_work_item &).
template <class F>
class delayed_work final : public work_call<delayed_work_item, F>
{
public:
	delayed_work(const worker &worker, F f, lock_site site = lock_site::current())
		: work_call<delayed_work_item, F>(worker, std::move(f), site)
	{
	}
};
} // namespace kthread
