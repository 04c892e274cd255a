// SPDX-License-Identifier: GPL-2.0
//
// One lock guards all that is here. It is read as a whole, at more than 500 lines.
#include "kthread/worker.hpp"

namespace kthread
{
namespace
{
// The thread follows it without the lock.
std::atomic_ref<work_node *> next_of(work_node &node)
{
	return std::atomic_ref(node.next);
}

// For who has the lock.
work_node *behind(work_node &node)
{
	return next_of(node).load(std::memory_order_relaxed);
}

void link(work_node &node, work_node &after)
{
	work_node &next = *behind(after);

	node.prev = &after;
	next_of(node).store(&next, std::memory_order_relaxed);
	next.prev = &node;
	next_of(after).store(&node, std::memory_order_release);
}

void unlink(work_node &node)
{
	work_node &next = *behind(node);

	next.prev = node.prev;
	next_of(*node.prev).store(&next, std::memory_order_release);
}

// A place in the list at which a flush waits. It lies on the stack of the caller that waits.
class barrier : public work_node
{
public:
	barrier() : work_node{} { bridge_completion_init(&reached_); }
	void wait() { bridge_completion_wait(&reached_); }
	void reach() { bridge_completion_complete(&reached_); }

private:
	bridge_completion reached_;
};
} // namespace

// What a worker, its thread and its items share. The lock guards all of it, and the state of each item:
// an item is idle, or waits for its timer, or stands in the list. Each decision about an item, and each
// wake-up, is made under the lock, which is held for a bounded number of instructions.
//
// The thread takes the lock once for a batch of items. It follows the list, and claims each item before it
// runs it, by one atomic step instead of the lock: from the item that it claimed last to the next one. Items
// that were claimed stay in the list until somebody recalls the batch. Whoever has to know about an item that
// stands in the list, or takes one out, recalls first: what was claimed leaves the list and counts as idle,
// the last one as running, and the thread can claim no more without the lock. What is appended meanwhile
// changes nothing that was claimed.
//
// The timer of an item may call expired() late, after another context has changed what the item is.
// The state and the time of the item tell whether the call still counts.
class worker_state : public worker_inbox, bridge_link
{
public:
	worker_state(bool freezable, stop_source stop)
		: worker_inbox(wake_for, put_otherwise), bridge_link{}, freezable_(freezable),
		  stop_(std::move(stop))
	{
		bridge_module_add(this, true, left_behind);
	}

	void get() { refs_.fetch_add(1, std::memory_order_relaxed); }
	void put()
	{
		if (refs_.fetch_sub(1) != 1)
			return;
		if (listed_)
			bridge_module_remove(this);
		delete this;
	}

	// Before the first item.
	void set_thread(thread_state *thread) KTHREAD_THREAD_SAFETY(no_thread_safety_analysis)
	{
		thread_ = thread;
		task_ = thread->task;
	}

	[[nodiscard]] bool is_self() const { return bridge_current() == task_; }
	[[nodiscard]] stop_token token() const { return stop_.get_token(); }

	int run(const stop_token &stop);
	void drop_all();
	void close();
	result<void> flush();

	bool queue(work_item &item);
	bool queue_after(delayed_work_item &item, std::chrono::nanoseconds delay,
			 unsigned long long slack);
	bool mod(delayed_work_item &item, std::chrono::nanoseconds delay, unsigned long long slack);
	void expired(delayed_work_item &item);
	result<void> flush(work_item &item);
	bool cancel(work_item &item, bool dying);

private:
	// Before any thread is waited for: an item may end by that alone.
	static void left_behind(bridge_link *link, bridge_end how)
	{
		auto &state = *static_cast<worker_state *>(link);

		if (how != BRIDGE_FREE)
			return void(state.stop_.request_stop());
		// Items may be left, too, and have it.
		state.listed_ = false;
		bridge_module_remove(link);
	}
	static void wake_for(work_node *node) KTHREAD_THREAD_SAFETY(no_thread_safety_analysis)
	{
		static_cast<work_item *>(node)->shared_->wake_thread();
	}
	// For an item that is not put into the list as most are.
	static bool put_otherwise(work_node *node)
	{
		auto &item = *static_cast<work_item *>(node);

		return item.shared_->queue(item);
	}
	bool is_refused(const work_item &item) const KTHREAD_REQUIRES(lock_)
	{
		return inbox_.mode == BRIDGE_CLOSED || item.state_ >= work_item::cancelled;
	}
	// Others than the thread look at it without the lock.
	void set_mode(unsigned int mode) KTHREAD_REQUIRES(lock_)
	{
		std::atomic_ref(inbox_.mode).store(mode, std::memory_order_relaxed);
	}
	bool is_awake() KTHREAD_THREAD_SAFETY(no_thread_safety_analysis)
	{
		return std::atomic_ref(inbox_.mode).load(std::memory_order_relaxed) !=
		       BRIDGE_ASLEEP;
	}
	// A stop keeps the thread from freezing. Few threads are freezable, and one look tells of most that nothing is
	// asked.
	static bool has_to_rest(const stop_token &stop)
	{
		return stop.is_asked(stop_state::park | stop_state::freezes) &&
		       (stop.park_requested() ||
			(stop.freeze_requested() && !stop.stop_requested()));
	}
	void wake_thread() KTHREAD_REQUIRES(lock_);
	void append(work_item &item) KTHREAD_REQUIRES(lock_);
	void arm(delayed_work_item &item, std::chrono::nanoseconds delay, unsigned long long slack)
		KTHREAD_REQUIRES(lock_);
	void recall() KTHREAD_REQUIRES(lock_);
	bool is_idle(const work_item &item) KTHREAD_REQUIRES(lock_);
	bool remove(work_item &item) KTHREAD_REQUIRES(lock_);
	work_node *take(const stop_token &stop, bool rests);
	unsigned int run_batch(const stop_token &stop, work_node *node, unsigned int most);

	// The thread yields after so many items. To ask the kernel after each would take as long as a short
	// item does.
	static constexpr unsigned int batch_size = 32;

	thread_state *thread_ KTHREAD_GUARDED_BY(lock_) = nullptr; // until closed
	static constexpr char gone = 0; // what runs has destroyed its item
	// What runs, of a batch that was recalled, until the thread comes for the next one.
	const void *current_ KTHREAD_GUARDED_BY(lock_) = nullptr;
	// The item or barrier that the thread has claimed last. It is in the list. Null if the batch was recalled.
	std::atomic<work_node *> claimed_{nullptr};
	const bool freezable_;
	// Of the items. The thread's would keep a body that has not begun from running what is queued.
	const stop_source stop_;
	bool ended_ = false; // closed, and all has run; the thread's own
	bool listed_ = true; // among what the module has

	const task_struct *task_ = nullptr;
	std::atomic<unsigned int> refs_{0};
};

inline worker_state *worker_ref::operator->() const noexcept
{
	return static_cast<worker_state *>(state_);
}

worker_ref::worker_ref(worker_inbox *state) noexcept : state_(state)
{
	if (state_)
		(*this)->get();
}

worker_ref::~worker_ref()
{
	if (state_)
		(*this)->put();
}

inline void worker_state::wake_thread()
{
	if (inbox_.mode == BRIDGE_ASLEEP) {
		set_mode(BRIDGE_AWAKE);
		thread_->wake();
	}
}

inline void worker_state::append(work_item &item)
{
	item.state_ = work_item::queued;
	link(item, *inbox_.ready.prev);
	wake_thread();
}

void worker_state::recall()
{
	// An item that ran before the thread claimed the next one is over, and its writes are seen.
	work_node *const last = claimed_.exchange(nullptr, std::memory_order_acquire);
	work_node *first = behind(inbox_.ready);

	if (!last)
		return;
	// None of them is gone, as an item that goes recalls the batch.
	for (; first != last; first = behind(*first))
		static_cast<work_item *>(first)->state_ = work_item::idle;
	if (last->call) {
		static_cast<work_item *>(last)->state_ = work_item::idle;
		current_ = static_cast<work_item *>(last);
		first = behind(*last);
	}
	first->prev = &inbox_.ready;
	next_of(inbox_.ready).store(first, std::memory_order_relaxed);
}

// An item that stands in the list may have run.
inline bool worker_state::is_idle(const work_item &item)
{
	if (item.state_ == work_item::queued) [[unlikely]]
		recall();
	return item.state_ == work_item::idle || item.state_ >= work_item::cancelled;
}

// True if the item was pending, which it is no more.
bool worker_state::remove(work_item &item)
{
	if (is_idle(item))
		return false;
	if (item.state_ == work_item::queued)
		unlink(item);
	else
		bridge_timer_try_to_cancel(&static_cast<delayed_work_item &>(item));
	item.state_ = work_item::idle;
	return true;
}

inline bool worker_state::queue(work_item &item)
{
	const irq_guard locked(lock_);

	if (is_refused(item) || !is_idle(item))
		return false;
	append(item);
	return true;
}

void worker_state::arm(delayed_work_item &item, std::chrono::nanoseconds delay,
		       unsigned long long slack)
{
	if (delay <= delay.zero())
		return append(item);
	item.state_ = work_item::delayed;
	item.due_ = steady_clock::after(steady_clock::now(), delay);
	bridge_timer_start(&item, item.due_.time_since_epoch().count(), slack);
}

bool worker_state::queue_after(delayed_work_item &item, std::chrono::nanoseconds delay,
			       unsigned long long slack)
{
	const irq_guard locked(lock_);

	if (is_refused(item) || !is_idle(item))
		return false;
	arm(item, delay, slack);
	return true;
}

bool worker_state::mod(delayed_work_item &item, std::chrono::nanoseconds delay,
		       unsigned long long slack)
{
	const irq_guard locked(lock_);

	if (is_refused(item))
		return false;

	const bool was_pending = remove(item);
	arm(item, delay, slack);
	return was_pending;
}

void worker_state::expired(delayed_work_item &item)
{
	const irq_guard locked(lock_);

	if (item.state_ != work_item::delayed || steady_clock::now() < item.due_)
		return;
	if (inbox_.mode == BRIDGE_CLOSED)
		item.state_ = work_item::idle;
	else
		append(item);
}

// The thread is done with its last item, and comes for the next ones. Gives the item or the barrier that
// is first in the list; null if there is none, or if no item is to be taken. The item is claimed, the barrier
// is taken out.
inline work_node *worker_state::take(const stop_token &stop, bool rests)
{
	lock_.lock_irq();
	recall();
	current_ = nullptr;

	work_node *first = behind(inbox_.ready);
	if (first == &inbox_.ready) {
		first = nullptr;
		ended_ = inbox_.mode == BRIDGE_CLOSED || stop.stop_requested();
		set_mode(ended_ ? BRIDGE_CLOSED : BRIDGE_ASLEEP);
	} else if (!first->call) {
		unlink(*first);
	} else if (rests) [[unlikely]] {
		first = nullptr;
	} else {
		claimed_.store(first, std::memory_order_relaxed);
	}
	lock_.unlock_irq();
	return first;
}

// Runs the item that was claimed, and those behind it, up to so many. Returns how many less those are.
inline unsigned int worker_state::run_batch(const stop_token &stop, work_node *node,
					    unsigned int most)
{
	do {
		// The call may destroy the item.
		work_node *const next = next_of(*node).load(std::memory_order_acquire);

		node->call(node);
		if (!--most || has_to_rest(stop) || next == &inbox_.ready)
			break;
		if (!claimed_.compare_exchange_strong(node, next, std::memory_order_release,
						      std::memory_order_relaxed))
			break;
		node = next;
	} while (node->call);
	return most;
}

int worker_state::run(const stop_token &stop)
{
	unsigned int left = batch_size;

	if (freezable_)
		stop.set_freezable();
	for (;;) {
		// Not before the thread is done with its last item, for the end of which others wait.
		const bool rests = has_to_rest(stop);

		if (!left) {
			left = batch_size;
			bridge_yield();
		}
		work_node *first = take(stop, rests);

		if (first && first->call) [[likely]] {
			left = run_batch(stop, first, left);
		} else if (first) {
			static_cast<barrier *>(first)->reach();
		} else if (ended_) {
			return 0;
		} else if (rests) {
			(void)stop.yield();
		} else {
			(void)stop.wait([this] { return is_awake(); });
		}
	}
}

// Items do not run, and those who wait for them go on.
void worker_state::drop_all()
{
	for (;;) {
		barrier *end;
		{
			const irq_guard locked(lock_);
			work_node &first = *behind(inbox_.ready);

			set_mode(BRIDGE_CLOSED);
			if (&first == &inbox_.ready)
				return;
			if (first.call) {
				(void)remove(static_cast<work_item &>(first));
				continue;
			}
			unlink(first);
			end = static_cast<barrier *>(&first);
		}
		end->reach();
	}
}

void worker_state::close()
{
	{
		const irq_guard locked(lock_);

		wake_thread();
		set_mode(BRIDGE_CLOSED);
	}
	stop_.request_stop();
}

result<void> worker_state::flush()
{
	if (is_self())
		return std::unexpected(errno_t::EDEADLK);

	barrier end;
	{
		const irq_guard locked(lock_);

		if (behind(inbox_.ready) == &inbox_.ready && !current_)
			return {};
		link(end, *inbox_.ready.prev);
	}
	end.wait();
	return {};
}

result<void> worker_state::flush(work_item &item)
{
	barrier end;
	{
		const irq_guard locked(lock_);
		const bool is_pending = !is_idle(item);
		const bool is_running = current_ == &item;

		if (!is_pending && !is_running)
			return {};
		if (is_self())
			return std::unexpected(errno_t::EDEADLK);
		if (item.state_ == work_item::delayed) {
			remove(item);
			if (inbox_.mode != BRIDGE_CLOSED)
				append(item);
		}
		if (item.state_ == work_item::queued)
			link(end, item);
		else if (is_running)
			link(end, inbox_.ready);
		else
			return {};
	}
	end.wait();
	return {};
}

bool worker_state::cancel(work_item &item, bool dying)
{
	barrier end;
	bool was_pending;
	{
		const irq_guard locked(lock_);

		was_pending = remove(item);
		if (current_ != &item)
			return was_pending;
		if (is_self()) {
			// Another item may get the address of this one while the callable goes on, and what it
			// has captured may be destroyed after it.
			if (dying)
				current_ = &gone;
			return was_pending;
		}
		item.state_ += work_item::cancelled;
		link(end, inbox_.ready);
	}
	end.wait();

	const irq_guard locked(lock_);

	item.state_ -= work_item::cancelled;
	return was_pending;
}

worker::~worker()
{
	if (shared_)
		shared_->close();
	(void)join();
}

namespace
{
// The body of a worker's thread. If the module forgot the worker, its thread may be stopped before it runs.
struct body {
	worker_ref shared;

	explicit body(worker_ref shared) : shared(std::move(shared)) {}
	body(body &&) noexcept = default;
	~body()
	{
		if (shared)
			shared->drop_all();
	}
	int operator()(const stop_token &stop) const { return shared->run(stop); }
};
} // namespace

result<worker> worker::create(const char *name, worker_options options, lock_site site)
{
	auto stop = stop_source::create();
	if (!stop)
		return std::unexpected(stop.error());

	worker made;

	made.shared_ =
		worker_ref(new (std::nothrow) worker_state(options.freezable, std::move(*stop)));
	if (!made.shared_)
		return std::unexpected(errno_t::ENOMEM);

	auto thread = jthread::create(name, body(made.shared_), options.node, site);
	if (!thread) {
		made.shared_ = {};
		return std::unexpected(thread.error());
	}
	static_cast<jthread &>(made) = std::move(*thread);
	made.shared_->set_thread(made.state_);
	return made;
}

result<void> worker::flush()
{
	might_sleep();
	if (!shared_)
		return std::unexpected(errno_t::ESRCH);
	if (!shared_->is_self())
		state_->map.wait();
	return shared_->flush();
}

stop_token work_item::place_token() const
{
	return shared_->token();
}

// Tells the kernel's checkers that the caller may have to wait for the item. False if it has no worker.
inline bool work_item::expect_to_wait()
{
	if (shared_ && !shared_->is_self())
		map_.wait();
	else
		might_sleep();
	return static_cast<bool>(shared_);
}

result<void> work_item::flush()
{
	if (!expect_to_wait())
		return {};
	return shared_->flush(*this);
}

bool work_item::cancel()
{
	return expect_to_wait() && shared_->cancel(*this, false);
}

void work_item::retire()
{
	if (expect_to_wait())
		(void)shared_->cancel(*this, true);
}

void delayed_work_item::expired(bridge_timer *timer)
{
	auto &item = static_cast<delayed_work_item &>(*timer);

	item.shared_->expired(item);
}

// The kernel is about to free the memory of a module that forgot this item. Its worker has ended, and takes no items any
// more, but what the kernel still calls may destroy the item, which then takes its link out of a list.
void delayed_work_item::left_behind(bridge_link *link, bridge_end how)
{
	if (how == BRIDGE_ASK)
		return;
	if (!bridge_module_is_over)
		_printk("\0013kthread: an item is cancelled, as its module goes without it\n");
	bridge_timer_destroy(static_cast<delayed_work_item *>(link));
	if (how == BRIDGE_FREE)
		bridge_module_remove(link);
}

bool delayed_work_item::queue_after(timeout delay, timeout slack) &
{
	return shared_ && shared_->queue_after(*this, delay.get(), slack_of(slack));
}

bool delayed_work_item::mod(timeout delay, timeout slack) &
{
	return shared_ && shared_->mod(*this, delay.get(), slack_of(slack));
}
} // namespace kthread
