// SPDX-License-Identifier: GPL-2.0
//
// Items of work: work, delayed_work, any_work, work_for. The worker of worker.hpp runs them on its own thread;
// workqueue.hpp runs them on the kernel's pools:
//
//	#include "kthread/workqueue.hpp"
//
//	class device
//	{
//	public:
//		// In init, when the members are there: queue() says false before.
//		kthread::result<void> open(const kthread::pool &pool) { return tx_.bind(*this, pool); }
//		bool send() { return tx_.queue(); }
//
//	private:
//		void transmit(kthread::stop_token stop)
//		{
//			while (!stop.stop_requested() && sent_ < 3)
//				++sent_;
//		}
//		std::atomic<int> sent_{0};
//		// It cancels itself before sent_ goes; the request ends transmit().
//		kthread::work_for<&device::transmit, kthread::pool_item> tx_;
//	};
#pragma once

#include "kthread/callable.hpp"
#include "kthread/stop_source.hpp"

namespace kthread
{
class work_item;
class delayed_work_item;

// For the library: how a task waits for an item.
template <class Place, class F>
struct in_item;

// For the library: what an item has whose callable takes a stop_token. The request is for the run that goes on, and
// for one that begins while somebody cancels the item.
class item_stop
{
public:
	item_stop() = default;
	item_stop(const item_stop &) = delete;
	item_stop &operator=(const item_stop &) = delete;
	~item_stop() { state_.wait_for_others("an item of work"); }

	// The run of an item. A stop of its place, the worker or the workqueue, is one of the run.
	template <class Call>
	void run(const stop_token &place, Call call)
	{
		// Whoever cancels counts first and requests then, and does not end before this run does.
		state_.word.fetch_and(~static_cast<unsigned int>(stop_state::stop));
		if (cancels_.load())
			state_.word.fetch_or(stop_state::stop);

		const stop_callback both(place, [this] { state_.request_stop(); });

		call(stop_token(stop_ref(static_cast<stop_state &>(state_))));
	}

	// Around a wait for the end of the run. Context: may sleep.
	void begin_to_cancel()
	{
		cancels_.fetch_add(1);
		state_.request_stop();
	}
	void end_to_cancel() { cancels_.fetch_sub(1); }

private:
	source_state state_;
	std::atomic<unsigned int> cancels_{0};
};

// For the library: an item and its callable.
template <class Item, class F>
class work_call : public Item
{
	static constexpr bool takes_both = requires(F & f, Item &item, stop_token stop)
	{
		f(item, stop);
	};
	static constexpr bool takes_item = requires(F & f, Item &item) { f(item); };
	static constexpr bool takes_token =
		takes_both || (!takes_item && requires(F & f, stop_token stop) { f(stop); });
	static_assert(
		takes_token || takes_item || requires(F & f) { f(); },
		"an item's callable is called without arguments, or with the item, a stop_token, or both");

public:
	// As Item::cancel(). If the callable takes a token, it also gets a stop request, which Item::cancel() alone,
	// called by a reference to the Item, does not make.
	bool cancel()
	{
		if constexpr (takes_token) {
			stop_.begin_to_cancel();

			const bool was_pending = Item::cancel();

			stop_.end_to_cancel();
			return was_pending;
		} else {
			return Item::cancel();
		}
	}

protected:
	template <class G>
	work_call(G &&f, lock_site site) : Item(call, site), f_(std::forward<G>(f))
	{
		if constexpr (takes_token && requires { Item::cancel_forgotten; })
			this->left_behind = stop_forgotten;
	}
	~work_call()
	{
		if constexpr (takes_token)
			stop_.begin_to_cancel();
		this->retire();
	}

private:
	template <class Place, class Call>
	friend struct in_item;

	// Asks the run to end, and each that begins, before the item is destroyed. Context: hard interrupt, if the
	// callbacks of the token allow it.
	void request_stop()
	{
		if constexpr (takes_token)
			stop_.begin_to_cancel();
	}

	// For the library: of a callable without a token.
	struct no_stop {
	};
	// The callable may keep its token, and goes first.
	[[no_unique_address]] std::conditional_t<takes_token, item_stop, no_stop> stop_;

protected:
	F f_;

private:
	// The item's destructor may be at work: it has destroyed stop_, but keeps the memory until this has returned.
	static void stop_forgotten(bridge_link *link, bridge_end how)
	{
		static_cast<work_call &>(Item::of(link)).stop_.begin_to_cancel();
		Item::cancel_forgotten(link, how);
	}

	static void call(typename Item::argument argument)
	{
		auto &self = static_cast<work_call &>(Item::of(argument));

		if (!self.may_run())
			return;

		// The item may be gone when the call returns.
		[[maybe_unused]] const typename Item::run running(self);

		if constexpr (takes_token)
			self.stop_.run(self.place_token(), [&self](stop_token stop) {
				if constexpr (takes_both)
					self.f_(static_cast<Item &>(self), std::move(stop));
				else
					self.f_(std::move(stop));
			});
		else if constexpr (takes_item)
			self.f_(static_cast<Item &>(self));
		else
			self.f_();
	}
};

// An item and its callable, of which a call is one of f(), f(item), f(stop_token) and f(item, stop_token). The
// callable may sleep. work(place, f) is of the callable's own type, and of an item for that place: a worker, or a pool.
//
// A stop is requested of the token when the item is cancelled or destroyed, or when its place goes; its copies may
// not outlive the call, as the next one begins without a request. A run that another context queues while cancel() is about
// to return may begin with a stop. Without a token, the callable's last action may destroy the item. Context: may sleep.
// Lifetime: the destructor cancels the item. Implemented with work_item or pool_item.
template <class F, class Item = work_item>
class work final : public work_call<Item, F>
{
public:
	// Makes an item for this place, which is not queued yet.
	template <class G = F>
		requires made_without_memory<F, G> work(const typename Item::place &place, G &&f,
							lock_site site = lock_site::current())
			: work_call<Item, F>(std::forward<G>(f), site)
		{
			this->place_at(place);
		}
		// Makes an item that bind() is to be called for.
		template <class G = F>
			requires(made_without_memory<F, G> && !std::same_as<std::decay_t<G>, work>)
		explicit work(G &&f, lock_site site = lock_site::current())
			: work_call<Item, F>(std::forward<G>(f), site)
		{
		}
};

// The same with a timer. Context: may sleep. Lifetime: the destructor cancels the item. Implemented with
// delayed_work_item or delayed_pool_item.
template <class F, class Item = delayed_work_item>
class delayed_work final : public work_call<Item, F>
{
public:
	// Makes an item for this place, which is not queued yet.
	template <class G = F>
		requires made_without_memory<F, G>
		delayed_work(const typename Item::place &place, G &&f,
			     lock_site site = lock_site::current())
			: work_call<Item, F>(std::forward<G>(f), site)
		{
			this->place_at(place);
		}
		// Makes an item that bind() is to be called for.
		template <class G = F>
			requires(made_without_memory<F, G> &&
				 !std::same_as<std::decay_t<G>, delayed_work>)
		explicit delayed_work(G &&f, lock_site site = lock_site::current())
			: work_call<Item, F>(std::forward<G>(f), site)
		{
		}
};

// For the library: an item for a place has a copy of f.
template <class Place, class F>
work(const Place &, F) -> work<F, typename Place::item>;
template <class F>
work(F) -> work<F>;
template <class Place, class F>
delayed_work(const Place &, F) -> delayed_work<F, typename Place::delayed_item>;
template <class F>
delayed_work(F) -> delayed_work<F>;

// Items that take any callable of up to two words, called as f(), so that a class can have one as a member. Context: may
// sleep. Lifetime: the destructor cancels the item. Implemented with std::move_only_function.
template <class Item = work_item>
using any_work = work<std::move_only_function<void()>, Item>;
template <class Item = delayed_work_item>
using any_delayed_work = delayed_work<std::move_only_function<void()>, Item>;

// An item that calls a member function: work_for<&device::transmit>. Item is one of work_item, delayed_work_item,
// pool_item and delayed_pool_item. It can be a member of that class, behind the function's declaration, and an array
// of them can be made. Context: may sleep. Lifetime: the destructor cancels the item; the object has to live until
// then. Implemented with Item.
template <auto Call, class Item = work_item, class Signature = decltype(Call)>
class work_for final : public work_call<Item, member_call<Call, Signature>>
{
public:
	using object = typename member_call<Call, Signature>::object;

	// Makes an item for this object and place.
	work_for(object &self, const typename Item::place &place,
		 lock_site site = lock_site::current())
		: work_call<Item, member_call<Call, Signature>>(member_call<Call, Signature>{&self},
								site)
	{
		this->place_at(place);
	}
	// Makes an item that bind() is to be called for.
	explicit work_for(lock_site site = lock_site::current())
		: work_call<Item, member_call<Call, Signature>>(member_call<Call, Signature>(),
								site)
	{
	}

	// Tells an item that was made without them its object and its place. Nobody else may use the item meanwhile.
	// Context: atomic. Errors: EBUSY if it has a place; ESRCH if the worker or workqueue is empty.
	result<void> bind(object &self, const typename Item::place &place)
	{
		auto bound = Item::bind(place);

		if (bound)
			this->f_.self = &self;
		return bound;
	}
};

// For the library: an item that destroys itself after its run.
template <class Place, class F>
class spawned
{
	// For the library: what the item calls.
	struct call {
		spawned &self;

		void operator()() const
		{
			if constexpr (std::is_invocable_v<F &, stop_token>)
				self.f_(self.item_.place_token());
			else
				self.f_();
			delete &self;
		}
	};

	// For the library: it may tell its token.
	struct own_item final : work_call<typename Place::item, call> {
		own_item(spawned &self, const Place &place, lock_site site)
			: work_call<typename Place::item, call>(call{self}, site)
		{
			this->place_at(place);
		}
		using Place::item::place_token;
	};

public:
	template <class G>
	spawned(const Place &place, G &&f, lock_site site)
		: f_(std::forward<G>(f)), item_(*this, place, site)
	{
	}

	static result<void> spawn(const Place &place, F f, lock_site site)
	{
		auto *const made = new (std::nothrow) spawned(place, std::move(f), site);

		if (!made)
			return std::unexpected(errno_t::ENOMEM);
		if (made->item_.queue())
			return {};
		delete made;
		return std::unexpected(errno_t::ESRCH);
	}

private:
	F f_;
	own_item item_;
};
} // namespace kthread
