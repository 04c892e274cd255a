// SPDX-License-Identifier: GPL-2.0
#include "kthread/worker.hpp"

namespace kthread
{
namespace
{
// What the inbox holds when it holds no item; no address is as low. A producer that finds it asleep
// wakes the thread.
enum mark : std::uintptr_t { asleep, closed, awake };

work_node *as_node(mark mark)
{
	return reinterpret_cast<work_node *>(mark);
}

std::uintptr_t as_mark(const work_node *node)
{
	return reinterpret_cast<std::uintptr_t>(node);
}

bool is_item(const work_node *node)
{
	return as_mark(node) > awake;
}

void link(work_node &node, work_node &after)
{
	node.prev = &after;
	node.next = std::exchange(after.next, &node);
	node.next->prev = &node;
}

void unlink(work_node &node)
{
	node.prev->next = node.next;
	node.next->prev = node.prev;
	node.next = nullptr;
}

// Lets another context go on that is within a few instructions of what is waited for.
void nap()
{
	usleep_range_state(20, 50, BRIDGE_UNINTERRUPTIBLE);
}

// Sleeps where the kernel's spinlock would keep interrupts off while a long inbox is sorted. As few
// contend for it, and not for long, nobody is woken: that makes the release a plain store.
class sleeping_lock
{
public:
	void acquire()
	{
		while (held_.exchange(true))
			nap();
	}
	void release() { held_.store(false, std::memory_order_release); }

private:
	std::atomic<bool> held_{false};
};

class guard
{
public:
	explicit guard(sleeping_lock &lock) : lock_(lock) { lock_.acquire(); }
	guard(const guard &) = delete;
	guard &operator=(const guard &) = delete;
	~guard() { lock_.release(); }

private:
	sleeping_lock &lock_;
};

// Where a flush waits in the ready list; on the stack of who waits.
class barrier : public work_node
{
public:
	void wait() { bridge_wait_while(&reached_, false); }
	void reach()
	{
		reached_.store(true, std::memory_order_release);
		// Not this any more, which may be gone; only its address counts.
		wake_all_on(&reached_);
	}

private:
	std::atomic<unsigned char> reached_{false};
};
} // namespace

// Items come by the inbox, last one first, and go on to the ready list, first one first, when the
// thread or a cancel() has the lock. All that concerns an item's run happens under the lock: a
// pending item is either in the ready list then, or the inbox, or still in the hands of a timer or
// of one who just queues it.
//
// The thread sleeps only when the inbox says so, which it does only as long as the ready list is
// empty and nothing runs. Whoever changes it from asleep, wakes; the thread sets its state before
// it looks, and wake_up_process() is a full barrier before it looks at that.
class worker_state
{
public:
	explicit worker_state(bool freezable) : freezable_(freezable) {}
	~worker_state()
	{
		if (task_)
			bridge_put_task(task_);
	}

	void get() { refs_.fetch_add(1, std::memory_order_relaxed); }
	void put()
	{
		if (refs_.fetch_sub(1) == 1)
			delete this;
	}

	void set_task(task_struct *task)
	{
		bridge_get_task(task);
		task_ = task;
	}

	int run(stop_token stop);
	bool push(work_item &item)
	{
		work_node *head = inbox_.load(std::memory_order_relaxed);

		// The item may be run and gone as soon as it is in the inbox, and the worker with it.
		if (as_mark(head) > closed) {
			item.prev = head;
			if (inbox_.compare_exchange_strong(head, &item))
				return true;
		}
		return push_to(head, item);
	}
	bool is_closed() const { return inbox_.load(std::memory_order_relaxed) == as_node(closed); }
	void close();
	bool remove(work_item &item);
	void wait_for_end(work_item &item, bool dying);
	result<void> flush();
	bool flush(work_item &item);
	bool must_not_wait_for(const work_item &item) const
	{
		return is_self() && (current_ == &item || item.is_pending());
	}

private:
	bool push_to(work_node *head, work_item &item);
	work_item *take();
	bool look();
	void sort(work_node *newest);
	void drain();
	[[nodiscard]] bool is_idle() const { return ready_.next == &ready_ && !current_; }
	[[nodiscard]] bool is_self() const { return bridge_current() == task_; }

	const bool freezable_;
	std::atomic<unsigned int> refs_{0};
	task_struct *task_ = nullptr;

	// Producers and the thread do not share a line of the cache.
	alignas(64) std::atomic<work_node *> inbox_{nullptr};

	alignas(64) sleeping_lock lock_;
	work_node ready_{&ready_, &ready_};
	const work_item *current_ = nullptr; // until the thread comes for the next
	bool ended_ = false;
};

worker_ref::worker_ref(worker_state *state) noexcept : state_(state)
{
	if (state_)
		state_->get();
}

worker_ref::~worker_ref()
{
	if (state_)
		state_->put();
}

// The first item, if that is what comes first. The last one is not looked at any more then.
inline work_item *worker_state::take()
{
	lock_.acquire();
	if (!ready_.next->call) [[unlikely]] {
		lock_.release();
		return nullptr;
	}

	auto *item = static_cast<work_item *>(ready_.next);

	current_ = item;
	ready_.next = item->next;
	ready_.next->prev = &ready_;
	item->next = nullptr;
	// Whoever found it pending has written what the run must see before that.
	item->state_.fetch_and(~work_item::pending);
	lock_.release();
	return item;
}

// While nothing runs: who waits for the last one goes on, and what has come is sorted. False if there was
// nothing to run, and the inbox is asleep then, or closed, or has got something meanwhile.
bool worker_state::look()
{
	const guard locked(lock_);

	current_ = nullptr;
	for (;;) {
		if (ready_.next == &ready_)
			drain();

		work_node *const first = ready_.next;
		if (first->call)
			return true;
		if (first == &ready_)
			break;
		unlink(*first);
		static_cast<barrier *>(first)->reach();
	}

	work_node *was = as_node(awake);
	inbox_.compare_exchange_strong(was, as_node(asleep));
	ended_ = was == as_node(closed);
	return false;
}

int worker_state::run(stop_token stop)
{
	unsigned int left = 1;

	if (freezable_)
		stop.set_freezable();
	for (;;) {
		// To ask the kernel each time would take as long as a short item does.
		const bool hold =
			stop.park_requested() || (!--left && (left = 8, bridge_should_yield()));

		if (!hold) [[likely]] {
			if (work_item *item = take()) [[likely]] {
				item->call(*item);
				continue;
			}
		}
		if (look() && !hold)
			continue;
		if (ended_)
			return 0;
		(void)stop.wait([this] { return as_mark(inbox_.load()) != asleep; });
	}
}

// Who wakes the thread keeps the worker.
bool worker_state::push_to(work_node *head, work_item &item)
{
	while (as_mark(head) != closed) {
		const worker_ref kept(as_mark(head) == asleep ? this : nullptr);

		item.prev = head;
		if (inbox_.compare_exchange_strong(head, &item)) {
			if (kept)
				wake_up_process(kept->task_);
			return true;
		}
	}
	item.state_.fetch_and(~work_item::pending);
	return false;
}

// In the inbox an item has its predecessor already.
void worker_state::sort(work_node *newest)
{
	work_node *const last = std::exchange(ready_.prev, newest);
	work_node *later = &ready_;

	for (; is_item(newest); newest = newest->prev) {
		newest->next = later;
		later = newest;
	}
	later->prev = last;
	last->next = later;
}

// An inbox that is asleep stays so, as nobody would wake the thread.
void worker_state::drain()
{
	if (is_item(inbox_.load(std::memory_order_relaxed)))
		sort(inbox_.exchange(as_node(awake)));
}

void worker_state::close()
{
	const guard locked(lock_);

	sort(inbox_.exchange(as_node(closed)));
}

bool worker_state::remove(work_item &item)
{
	const guard locked(lock_);

	drain();
	if (!item.next)
		return false;
	unlink(item);
	return true;
}

void worker_state::wait_for_end(work_item &item, bool dying)
{
	barrier end;
	{
		const guard locked(lock_);

		if (current_ != &item)
			return;
		if (is_self()) {
			// Another item may get this one's address while the callable goes on.
			if (dying)
				current_ = nullptr;
			return;
		}
		link(end, ready_);
	}
	end.wait();
}

result<void> worker_state::flush()
{
	barrier end;

	if (is_self())
		return std::unexpected(errno_t::EDEADLK);
	{
		const guard locked(lock_);

		drain();
		if (is_idle())
			return {};
		link(end, *ready_.prev);
	}
	end.wait();
	return {};
}

// Whether there was an end to wait for, or none is to come.
bool worker_state::flush(work_item &item)
{
	barrier end;
	{
		const guard locked(lock_);

		drain();
		if (item.next)
			link(end, item);
		else if (item.is_pending())
			return false;
		else if (current_ == &item)
			link(end, ready_);
		else
			return true;
	}
	end.wait();
	return true;
}

worker::~worker()
{
	if (!shared_)
		return;
	shared_->close();
	wake();
	(void)join();
}

result<worker> worker::create(const char *name, worker_options options)
{
	worker made;

	made.shared_ = worker_ref(new (std::nothrow) worker_state(options.freezable));
	if (!made.shared_)
		return std::unexpected(errno_t::ENOMEM);

	auto thread = jthread::create(
		name, [shared = made.shared_](stop_token stop) { return shared->run(stop); },
		options.node);
	if (!thread) {
		made.shared_ = {};
		return std::unexpected(thread.error());
	}
	static_cast<jthread &>(made) = std::move(*thread);
	made.shared_->set_task(made.state_->task);
	return made;
}

result<worker> worker::run(const char *name, worker_options options)
{
	auto made = create(name, options);
	if (made)
		made->wake();
	return made;
}

result<void> worker::flush()
{
	if (!shared_)
		return std::unexpected(errno_t::ESRCH);
	return shared_->flush();
}

bool work_item::claim()
{
	unsigned int was = 0;

	// Writes also what is there: take() then sees what a no-op's caller has written before.
	do {
		if (was >= blocked)
			return false;
	} while (!state_.compare_exchange_weak(was, was | pending));
	return !(was & pending);
}

bool work_item::disarm()
{
	return timer_ && bridge_timer_cancel(timer_);
}

// Whoever is just about to queue the item may need this processor to go on.
void work_item::let_queue() const
{
	if (is_pending())
		nap();
}

bool work_item::grab()
{
	while (is_pending()) {
		if (disarm() || shared_->remove(*this))
			return true;
		let_queue();
	}
	return false;
}

bool work_item::queue()
{
	if (!shared_)
		return false;

	unsigned int was = 0;
	// What is mostly so, before claim() looks what else is.
	if (!state_.compare_exchange_strong(was, pending) && !claim())
		return false;
	return shared_->push(*this);
}

result<void> work_item::flush()
{
	if (!shared_)
		return {};
	if (shared_->must_not_wait_for(*this))
		return std::unexpected(errno_t::EDEADLK);
	for (;;) {
		if (disarm())
			shared_->push(*this);
		if (shared_->flush(*this))
			return {};
		let_queue();
	}
}

bool work_item::cancel(bool dying)
{
	if (!shared_)
		return false;
	state_.fetch_add(blocked);

	const bool was_pending = grab();
	if (was_pending)
		state_.fetch_and(~pending);
	shared_->wait_for_end(*this, dying);
	state_.fetch_sub(blocked);
	return was_pending;
}

bool work_item::cancel()
{
	return cancel(false);
}

void work_item::retire()
{
	cancel(true);
}

void delayed_work_item::expired(bridge_timer *timer)
{
	auto &item = static_cast<delayed_work_item &>(*timer);

	item.shared_->push(item);
}

bool delayed_work_item::arm(std::chrono::nanoseconds delay)
{
	if (delay <= delay.zero() || shared_->is_closed())
		return shared_->push(*this);
	bridge_timer_start(
		this, steady_clock::after(steady_clock::now(), delay).time_since_epoch().count());
	return true;
}

bool delayed_work_item::queue_after(std::chrono::nanoseconds delay)
{
	return shared_ && claim() && arm(delay);
}

bool delayed_work_item::mod(std::chrono::nanoseconds delay)
{
	if (!shared_)
		return false;
	while (!claim()) {
		if (state_.load() >= blocked)
			return false;
		if (grab())
			return arm(delay);
	}
	arm(delay);
	return false;
}
} // namespace kthread
