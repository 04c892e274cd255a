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
// It is the kernel's kthread_worker remade. Queueing wakes the thread only when it sleeps, and an item
// cancels itself before it is destroyed. work.hpp has what an item may call; workqueue.hpp runs items on the kernel's
// own threads.
#pragma once

#include "bridge/inbox.h"
#include "kthread/jthread.hpp"
#include "kthread/work.hpp"

namespace kthread
{
// For the library: a place in the list of items to run.
using work_node = bridge_entry;

class worker_state;

// For the library: what the items of a worker see of its state.
class worker_inbox
{
public:
	bool put(work_node &item, unsigned int &state)
		KTHREAD_THREAD_SAFETY(no_thread_safety_analysis)
	{
		return bridge_inbox_put(&item, &inbox_, &state);
	}

	worker_inbox(const worker_inbox &) = delete;
	worker_inbox &operator=(const worker_inbox &) = delete;

protected:
	worker_inbox(void (*wake)(work_node *), bool (*put_otherwise)(work_node *))
		: inbox_{.ready = {.next = &inbox_.ready, .prev = &inbox_.ready, .call = nullptr},
			 .lock = lock_.get(),
			 .mode = BRIDGE_ASLEEP,
			 .wake = wake,
			 .put_otherwise = put_otherwise}
	{
	}
	~worker_inbox() = default;

	irq_lock lock_;
	// The thread sleeps as long as its mode says so.
	bridge_inbox inbox_ KTHREAD_GUARDED_BY(lock_);
};

// For the library: shared by the worker, its thread and its items, any of which may go last.
class worker_ref
{
public:
	constexpr worker_ref() noexcept = default;
	explicit worker_ref(worker_inbox *state) noexcept;
	worker_ref(const worker_ref &other) noexcept : worker_ref(other.state_) {}
	worker_ref(worker_ref &&other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
	worker_ref &operator=(worker_ref other) noexcept
	{
		std::swap(state_, other.state_);
		return *this;
	}
	~worker_ref();

	explicit operator bool() const noexcept { return state_; }
	worker_inbox *get() const noexcept { return state_; }
	inline worker_state *operator->() const noexcept;

private:
	worker_inbox *state_ = nullptr;
};

// What a worker is created with. Lifetime: it is a value.
struct worker_options {
	bool freezable = false; // freezes between two items when the system suspends
	int node = BRIDGE_NO_NODE;
};

// A thread that runs items. Move-only. Lifetime: items may outlive their worker; after it they cannot be
// queued any more. Implemented with jthread and a raw spinlock.
class worker : jthread
{
public:
	using item = work_item;
	using delayed_item = delayed_work_item;

	worker() noexcept = default;
	worker(worker &&) noexcept = default;
	worker &operator=(worker &&other) noexcept
	{
		worker moved(std::move(other));
		std::swap(state_, moved.state_);
		std::swap(shared_, moved.shared_);
		return *this;
	}
	// Refuses further items, requests a stop of those that take a token, runs the pending ones, and waits
	// until they have run. A parked worker is unparked for that. Items that wait for their timer do not run.
	// An item must not destroy its own worker. Context: may sleep.
	~worker();

	// Creates a worker whose thread does not run yet; the first item or wake() starts it. Until then it
	// counts for the load average, as jthread::create() says. Context: may sleep. Errors: those of
	// jthread::create(). Wraps kthread_create_on_node().
	[[nodiscard]] static result<worker> create(const char *name, worker_options options = {},
						   lock_site site = lock_site::current());

	// Calls create() and wake(). Context: may sleep. Errors: those of create().
	[[nodiscard]] static result<worker> run(const char *name, worker_options options = {},
						lock_site site = lock_site::current())
	{
		auto made = create(name, options, site);
		if (made)
			made->wake();
		return made;
	}

	// Waits until all items that were queued before have run. If the worker is parked, that is after
	// somebody unparks it. Context: may sleep. Errors: EDEADLK from an item of its own; ESRCH if empty.
	result<void> flush();

	// Calls f() or f(stop_token) once, as an item that is made for it and frees itself. A stop is requested of
	// the token when the worker goes, which waits for the end of the call. The token is one of the whole worker: a
	// stop that f() itself requests is one of all items. Context: may sleep. Errors: ENOMEM; ESRCH if empty.
	// Wraps kmalloc(), wake_up_process().
	template <class F>
	[[nodiscard]] result<void> spawn(F f, lock_site site = lock_site::current()) const
	{
		return spawned<worker, F>::spawn(*this, std::move(f), site);
	}

	// The operations of other threads. A worker parks between two items, and its items wait meanwhile.
	using jthread::bind, jthread::bind_list, jthread::park, jthread::unpark, jthread::wake;
	using jthread::cpu, jthread::joinable, jthread::pid, jthread::progress, jthread::state;
	using jthread::set_nice, jthread::set_fifo, jthread::set_fifo_low, jthread::set_normal;

private:
	friend class work_item;

	worker_ref shared_;
};

// The operations that all items have. An item is pending from when it is queued until the worker calls it.
// An item never runs twice at a time. Lifetime: its destructor cancels it, so it may go at any time, and a temporary
// one cannot be queued. Implemented with a list that the worker's raw spinlock guards.
class work_item : work_node
{
public:
	// Makes the item pending. Returns false, and changes nothing, if it was already pending, if somebody
	// cancels it, or if its worker is going or gone. If it is pending, the next run sees all that the
	// caller wrote before. The item may queue itself while it runs. Context: hard interrupt.
	// Wraps wake_up_process().
	bool queue() & { return shared_ && shared_.get()->put(*this, state_); }

	// Waits until the item has run as often as it was queued before. An item that waits for its timer is
	// queued at once. If another context cancels the item meanwhile, or changes its time, this returns
	// without a run. Context: may sleep. Errors: EDEADLK from an item of the same worker, if it would
	// have to wait.
	result<void> flush();

	// Takes the item out of the queue, and waits for its end if it runs, unless the item itself is the
	// caller. Until this returns the item cannot be queued. Returns true if it was pending. The stop of a callable that
	// takes a token is requested by the item's own type, which hides this. Context: may sleep.
	bool cancel();

	// Tells an item that was made without one its worker. Nobody else may use the item meanwhile.
	// Context: any. Errors: EBUSY if it has a worker; ESRCH if the worker is empty.
	result<void> bind(const worker &worker)
	{
		if (shared_)
			return std::unexpected(errno_t::EBUSY);
		if (!worker.shared_)
			return std::unexpected(errno_t::ESRCH);
		place_at(worker);
		return {};
	}

	work_item(const work_item &) = delete;
	work_item &operator=(const work_item &) = delete;

protected:
	using place = worker;
	using argument = work_node *;
	// For the library: while the item runs, which may destroy it.
	class run
	{
	public:
		explicit run(const work_item &item) : map_(item.map_) { map_.enter(); }
		run(const run &) = delete;
		run &operator=(const run &) = delete;
		~run() { map_.leave(); }

	private:
		[[no_unique_address]] lockdep_map map_;
	};

	work_item(void (*call)(work_node *), lock_site site)
		: work_node{.next = nullptr, .prev = nullptr, .call = call}, map_(site)
	{
	}
	~work_item() = default;
	static work_item &of(work_node *node) { return *static_cast<work_item *>(node); }
	void place_at(const worker &worker) { shared_ = worker.shared_; }
	stop_token place_token() const;
	static bool may_run() { return true; }

	// The last cancel(), before what is called is destroyed.
	void retire();

	worker_ref shared_;
	// Entered while the item runs.
	[[no_unique_address]] lockdep_map map_;

private:
	friend class worker_state;

	bool expect_to_wait();

	// An idle item that contexts wait for the end of, and that cannot be queued until then, is cancelled so many times.
	enum : unsigned int { idle, queued = BRIDGE_LISTED, delayed, cancelled };
	unsigned int state_ = idle; // the worker's lock guards it
};

// An item that can wait for a time before it is queued. It is pending meanwhile, too. Lifetime: as that of
// each item. Implemented with an hrtimer.
class delayed_work_item : public work_item, bridge_timer, bridge_link
{
public:
	// Calls queue() when the time is over. Returns what queue() returns. Context: hard interrupt.
	// The item may be queued later by the slack, if that saves an interrupt. Wraps hrtimer_start_range_ns().
	bool queue_after(timeout delay, timeout slack = no_slack) &;

	// Does the same with an item that may be pending, whose time then changes, even if it was over.
	// Returns true if it was pending. Returns false, and changes nothing, if somebody cancels the item or
	// if its worker is going or gone. Context: hard interrupt. Wraps hrtimer_start_range_ns().
	bool mod(timeout delay, timeout slack = no_slack) &;

protected:
	using argument = work_node *;

	delayed_work_item(void (*call)(work_node *), lock_site site)
		: work_item(call, site), bridge_link{}
	{
		bridge_timer_init(this, expired);
		bridge_module_add_called(this, true, left_behind);
	}
	~delayed_work_item()
	{
		bridge_module_remove(this);
		bridge_timer_destroy(this);
	}
	static delayed_work_item &of(work_node *node)
	{
		return static_cast<delayed_work_item &>(work_item::of(node));
	}

private:
	friend class worker_state;
	static void expired(bridge_timer *timer);
	static void left_behind(bridge_link *link, bridge_end how);

	steady_clock::time_point due_;
};
} // namespace kthread
