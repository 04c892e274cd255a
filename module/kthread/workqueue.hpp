// SPDX-License-Identifier: GPL-2.0
//
// Items of work for the kernel's pools of threads instead of a thread of one's own:
//
//	int sum(const int *from, int n)
//	{
//		auto queue = kthread::workqueue::create("sum", {.unbound = true});
//
//		if (!queue)
//			return kthread::to_errno(queue);
//		std::atomic<int> all{0};
//		kthread::work half(*queue, [&] { all += from[0]; });
//
//		half.queue();
//		for (int i = 1; i < n; ++i)
//			if (auto done = queue->spawn([&all, from, i] { all += from[i]; }); !done)
//				return kthread::to_errno(done);
//		queue->flush();
//		return all;
//	}
//
// The items of a workqueue run on several CPUs at once, but each only once at a time. work.hpp has what an item may
// call.
#pragma once

#include "bridge/workqueue.h"
#include "kthread/clock.hpp"
#include "kthread/locking.hpp"
#include "kthread/work.hpp"

namespace kthread
{
class pool_item;
class delayed_pool_item;

// For the library: a workqueue of one's own, which its handle and its items share.
class pool_state : bridge_link
{
public:
	pool_state(workqueue_struct *queue, stop_source stop)
		: bridge_link{}, queue_(queue), stop_(std::move(stop))
	{
	}

	void get() { refs_.fetch_add(1, std::memory_order_relaxed); }
	void put();
	void add_to_module() { bridge_module_add(this, false, left_behind); }
	void close();
	[[nodiscard]] bool is_over() const { return is_over_.load(std::memory_order_acquire); }
	[[nodiscard]] stop_token token() const { return stop_.get_token(); }

	// What queues an item, unless the queue is going.
	template <class Queue>
	bool queue(Queue queue)
	{
		const irq_guard locked(lock_);

		return !is_closed_ && queue();
	}

private:
	static void left_behind(bridge_link *link, bridge_end how);
	void destroy();

	workqueue_struct *const queue_;
	const stop_source stop_;
	irq_lock lock_;
	bool is_closed_ KTHREAD_GUARDED_BY(lock_) = false;
	std::atomic<bool> is_over_{false};
	std::atomic<unsigned int> refs_{1};
};

// For the library: holds such a state, or none.
class pool_ref
{
public:
	constexpr pool_ref() noexcept = default;
	// Takes over what the caller holds.
	explicit pool_ref(pool_state *state) noexcept : state_(state) {}
	pool_ref(const pool_ref &other) noexcept : state_(other.state_)
	{
		if (state_)
			state_->get();
	}
	pool_ref(pool_ref &&other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
	pool_ref &operator=(pool_ref other) noexcept
	{
		std::swap(state_, other.state_);
		return *this;
	}
	~pool_ref()
	{
		if (state_)
			state_->put();
	}

	explicit operator bool() const noexcept { return state_; }
	pool_state *operator->() const noexcept { return state_; }

private:
	pool_state *state_ = nullptr;
};

// Where items for the kernel's threads are queued: one of the kernel's own workqueues, or a workqueue. Lifetime: it is
// a value. Wraps struct workqueue_struct.
class pool
{
public:
	using item = pool_item;
	using delayed_item = delayed_pool_item;

	// The kernel's own: items run on the CPU that queued them; on any CPU; or on the CPU that queued them, before
	// the threads of usual priority. Their items are short. An item there that destroys itself is reported, as
	// nobody waits for its end before the module goes: that is for a workqueue. Context: any. Wrap
	// system_wq, system_unbound_wq, system_highpri_wq.
	[[nodiscard]] static pool system() noexcept { return pool(BRIDGE_POOL_BOUND); }
	[[nodiscard]] static pool unbound() noexcept { return pool(BRIDGE_POOL_UNBOUND); }
	[[nodiscard]] static pool high_priority() noexcept
	{
		return pool(BRIDGE_POOL_HIGH_PRIORITY);
	}

	// A copy refers to the same workqueue. Context: any; the last that refers to one which has gone may sleep.
	pool(const pool &) noexcept = default;
	pool &operator=(const pool &) noexcept = default;

protected:
	friend class pool_place;

	constexpr pool() noexcept = default;
	pool(pool &&other) noexcept
		: queue_(std::exchange(other.queue_, nullptr)), own_(std::move(other.own_))
	{
	}
	void swap(pool &other) noexcept
	{
		std::swap(queue_, other.queue_);
		std::swap(own_, other.own_);
	}

	workqueue_struct *queue_ = nullptr;
	pool_ref own_;

private:
	explicit pool(unsigned int kind) noexcept : queue_(bridge_system_queue(kind)) {}
};

// What a workqueue is created with. Lifetime: it is a value.
struct workqueue_options {
	bool unbound = false;       // items run on any CPU, not on the one that queued them
	bool high_priority = false; // before the threads of usual priority
	bool freezable = false;     // no item begins while the system is suspended
	bool in_order = false;      // one item at a time, as they were queued; unbound
	bool reclaims =
		false; // items run without new memory for a thread, as those have to that free memory
};

// A workqueue of one's own. Move-only. Lifetime: items may outlive it; after it they cannot be queued any more.
// Wraps struct workqueue_struct.
class workqueue : public pool
{
public:
	workqueue() noexcept = default;
	workqueue(workqueue &&) noexcept = default;
	workqueue &operator=(workqueue &&other) noexcept
	{
		workqueue moved(std::move(other));
		swap(moved);
		return *this;
	}
	// Refuses further items, requests a stop of those that take a token, and waits until all that were queued have
	// run. Items whose timer is not over by then do not run. An item must not destroy its own workqueue.
	// Context: may sleep. Wraps flush_workqueue(), destroy_workqueue().
	~workqueue();

	// Creates a workqueue; ps shows its name, if it reclaims. Context: may sleep. Errors: ENOMEM.
	// Wraps alloc_workqueue(), alloc_ordered_workqueue().
	[[nodiscard]] static result<workqueue> create(const char *name,
						      workqueue_options options = {});

	// Waits until all items that were queued before have run. Not for an item of its own. Context: may sleep.
	// Wraps flush_workqueue().
	void flush();

	// Calls f() or f(stop_token) once, as an item that is made for it and frees itself. A stop is requested of
	// the token when the workqueue goes, which waits for the end of the call. The token is one of the whole
	// workqueue: a stop that f() itself requests is one of all items. Context: may sleep.
	// Errors: ENOMEM; ESRCH if empty. Wraps kmalloc(), queue_work().
	template <class F>
	[[nodiscard]] result<void> spawn(F f, lock_site site = lock_site::current()) const
	{
		return spawned<workqueue, F>::spawn(*this, std::move(f), site);
	}
};

// For the library: where an item is queued.
class pool_place
{
protected:
	result<void> bind(const pool &pool) noexcept
	{
		if (queue_)
			return std::unexpected(errno_t::EBUSY);
		if (!pool.queue_)
			return std::unexpected(errno_t::ESRCH);
		place_at(pool);
		return {};
	}
	void place_at(const pool &pool) noexcept
	{
		queue_ = pool.queue_;
		own_ = pool.own_;
	}
	stop_token place_token() const { return own_ ? own_->token() : stop_token(); }
	bool may_run() const
	{
		return own_ ? !own_->is_over()
			    : !__atomic_load_n(&bridge_module_is_over, __ATOMIC_RELAXED);
	}

	template <class Queue>
	bool queue_by(Queue queue)
	{
		if (own_)
			return own_->queue([=, this] { return queue(queue_); });

		workqueue_struct *const to = __atomic_load_n(&queue_, __ATOMIC_RELAXED);

		return to && !(reinterpret_cast<std::uintptr_t>(to) & 1) && queue(to);
	}
	void report_own_end() const;
	// While the end of the module cancels the item, the queue has a mark, and does not take it. Returns marked.
	bool mark(bool marked);
	// A workqueue of one's own waits for its items before the module goes.
	void leave_module(bridge_link *link, const void *work) const;

	workqueue_struct *queue_ = nullptr;
	pool_ref own_;
};

// The operations that all items of pools have. An item is pending from when it is queued until a thread calls it. An
// item never runs twice at a time. Lifetime: its destructor cancels it, so it may go at any time. Wraps struct
// work_struct.
class pool_item : bridge_work, bridge_link, pool_place
{
public:
	// Makes the item pending. Returns false, and changes nothing, if it was already pending, if somebody
	// cancels it, or if its workqueue is going or gone. If it is pending, the next run sees all that the
	// caller wrote before. The item may queue itself while it runs. Context: hard interrupt.
	// Wraps queue_work().
	bool queue() &
	{
		return queue_by([this](workqueue_struct *to) {
			return queue_work_on(BRIDGE_ANY_CPU, to, get());
		});
	}

	// Waits until the item has run as often as it was queued before. If another context cancels the item
	// meanwhile, this returns without a run. Not for another item of the same workqueue, if that is in order: the
	// one would wait for what runs after it. Context: may sleep. Errors: EDEADLK from the item itself.
	// Wraps flush_work().
	result<void> flush();

	// Takes the item out of the queue, and waits for its end if it runs, unless the item itself is the
	// caller. Until this returns the item cannot be queued. Returns true if it was pending.
	// Context: may sleep. Wraps cancel_work_sync().
	bool cancel();

	// Tells an item that was made without one its place. Nobody else may use the item meanwhile. Context: atomic.
	// Errors: EBUSY if it has a place; ESRCH if the workqueue is empty.
	result<void> bind(const pool &pool)
	{
		auto bound = pool_place::bind(pool);

		if (bound)
			join_module();
		return bound;
	}

	pool_item(const pool_item &) = delete;
	pool_item &operator=(const pool_item &) = delete;

protected:
	using place = pool;
	using argument = work_struct *;
	// For the library: the kernel tells lockdep of the run.
	struct run {
		explicit run(const pool_item &) {}
	};

	pool_item(void (*call)(work_struct *), lock_site site)
		: bridge_link{.next = nullptr,
			      .prev = nullptr,
			      .left_behind = cancel_forgotten,
			      .maker = 0}
	{
		bridge_work_init(this, call, site.key(), site.name());
	}
	~pool_item()
	{
		if (is_listed())
			leave_module(this, get());
		bridge_work_destroy(this);
	}
	static pool_item &of(work_struct *work)
	{
		return static_cast<pool_item &>(*reinterpret_cast<bridge_work *>(work));
	}
	using pool_place::may_run, pool_place::place_token;
	void place_at(const pool &pool)
	{
		pool_place::place_at(pool);
		join_module();
	}

	static pool_item &of(bridge_link *link) { return static_cast<pool_item &>(*link); }
	// For the library: as the module goes. An item that takes a token is asked to stop besides.
	static void cancel_forgotten(bridge_link *link, bridge_end how);
	using bridge_link::left_behind;

	// The last cancel(), before what is called is destroyed.
	void retire();

private:
	// Not in a workqueue of one's own.
	bool is_listed() const { return queue_ && !own_; }
	void join_module()
	{
		if (is_listed())
			bridge_module_add_called(this, true, left_behind);
	}
	work_struct *get() { return reinterpret_cast<work_struct *>(storage); }
};

// An item of a pool that can wait for a time before it is queued. It is pending meanwhile, too. The kernel counts
// the time in ticks of 1 to 10 ms, and rounds it up. A longer time than that of its longest timer is cut: with ticks
// of 1 ms that is twelve days. Use delayed_work_item then. Lifetime: as that of each item. Wraps struct delayed_work.
class delayed_pool_item : bridge_delayed_work, bridge_link, pool_place
{
public:
	// As those of pool_item; flush() queues an item at once that waits for its timer. Context: hard interrupt for
	// queue(), may sleep for the others. Errors: EDEADLK from the item itself. Wrap queue_delayed_work(),
	// flush_delayed_work(), cancel_delayed_work_sync().
	bool queue() & { return queue_after(std::chrono::nanoseconds(0)); }
	result<void> flush();
	bool cancel();

	// As that of pool_item. Context: any. Errors: EBUSY if it has a place; ESRCH if the workqueue is empty.
	result<void> bind(const pool &pool) { return pool_place::bind(pool); }

	// Calls queue() when the time is over. Returns what queue() returns. Context: hard interrupt.
	// Wraps queue_delayed_work().
	bool queue_after(timeout delay) &
	{
		return queue_by(
			[this, ticks = bridge_jiffies(delay.get().count())](workqueue_struct *to) {
				return queue_delayed_work_on(BRIDGE_ANY_CPU, to, get(), ticks);
			});
	}

	// Does the same with an item that may be pending, whose time then changes, even if it was over.
	// Returns true if it was pending. Changes nothing if somebody cancels the item, when it may return true too,
	// or if its workqueue is going or gone. Context: hard interrupt. Wraps mod_delayed_work().
	bool mod(timeout delay) &
	{
		return queue_by(
			[this, ticks = bridge_jiffies(delay.get().count())](workqueue_struct *to) {
				return mod_delayed_work_on(BRIDGE_ANY_CPU, to, get(), ticks);
			});
	}

	delayed_pool_item(const delayed_pool_item &) = delete;
	delayed_pool_item &operator=(const delayed_pool_item &) = delete;

protected:
	using place = pool;
	using argument = work_struct *;
	// For the library: the kernel tells lockdep of the run.
	struct run {
		explicit run(const delayed_pool_item &) {}
	};

	delayed_pool_item(void (*call)(work_struct *), lock_site site) : bridge_link{}
	{
		bridge_delayed_work_init(this, call, site.key(), site.name());
		bridge_module_add_called(this, true, cancel_forgotten);
	}
	~delayed_pool_item()
	{
		leave_module(this, get());
		bridge_delayed_work_destroy(this);
	}
	static delayed_pool_item &of(work_struct *work)
	{
		return static_cast<delayed_pool_item &>(
			*reinterpret_cast<bridge_delayed_work *>(work));
	}
	using pool_place::may_run, pool_place::place_at, pool_place::place_token;

	static delayed_pool_item &of(bridge_link *link)
	{
		return static_cast<delayed_pool_item &>(*link);
	}
	// For the library: as the module goes. An item that takes a token is asked to stop besides.
	static void cancel_forgotten(bridge_link *link, bridge_end how);
	using bridge_link::left_behind;

	// The last cancel(), before what is called is destroyed.
	void retire();

private:
	::delayed_work *get() { return reinterpret_cast<::delayed_work *>(storage); }
	bool is_self() const;
};
} // namespace kthread
