// SPDX-License-Identifier: GPL-2.0
//
// What can be done with an item, each two of it at the same time: with one item from two contexts, from an
// interrupt, from the item itself, from another item; with two items from two contexts.
#include "items.hpp"
#include "pairs.hpp"

using kthread::delayed_work;
using kthread::delayed_work_item;
using kthread::work;
using kthread::worker;

namespace
{
enum operation { queue, queue_after, mod, cancel, flush, destroy };
constexpr const char *names[] = {"queue", "queue_after", "mod", "cancel", "flush", "destroy"};

// How often the items were accepted, and taken back.
struct account {
	std::atomic<int> queued{0}, taken{0};

	void add(int more) { queued.fetch_add(more, std::memory_order_relaxed); }
	void take(int more) { taken.fetch_add(more, std::memory_order_relaxed); }
	int now() const
	{
		return queued.load(std::memory_order_relaxed) -
		       taken.load(std::memory_order_relaxed);
	}
};

// A false of mod() is either another run or a refusal, which only a cancel that waits can give.
void call(delayed_work_item &item, int what, account &a)
{
	switch (what) {
	case queue:
		a.add(item.queue());
		break;
	case queue_after:
		a.add(item.queue_after(1us));
		break;
	case mod:
		a.add(!item.mod(2us));
		break;
	case cancel:
		a.take(item.cancel());
		break;
	case flush:
		(void)item.flush();
		break;
	}
}

// With what owns the item.
template <class Item>
void call(Item *&item, int what, account &a)
{
	if (what == destroy)
		delete std::exchange(item, nullptr);
	else
		call(*item, what, a);
}

// Runs, and does the other operation the first time.
struct body {
	counted c;
	delayed_work<body> **self;
	int what;
	account *a;
	std::atomic<bool> *over;

	void operator()(delayed_work_item &item)
	{
		c();
		if (what < 0 || c->calls_now() != 1)
			return;

		auto *const tell = over;
		if (what == destroy)
			delete std::exchange(*self, nullptr);
		else
			call(item, what, *a);
		tell->store(true, std::memory_order_release);
	}
};

void wait_for(const std::atomic<bool> &over)
{
	while (!over.load(std::memory_order_acquire))
		kernel::usleep_range_state(1000, TASK_UNINTERRUPTIBLE);
}

// No more runs than were accepted and not taken back; as many, if nothing else can take one away.
void expect_account(const tally &t, const account &a, int one, int other)
{
	const auto has = [=](int what) { return one == what || other == what; };

	if (has(destroy))
		return;
	if (has(cancel) && has(mod))
		expect(t.calls_now() <= a.now(), "no more runs than were accepted");
	else
		expect(t.calls_now() == a.now(), "each that was accepted has run or was cancelled");
}

enum place { context_of_its_own, in_an_interrupt, in_itself, in_another };

template <place where>
void one_item()
{
	const int one = current_scenario->one, other = current_scenario->other;
	tally t;
	account a;
	std::atomic<bool> over{where != in_itself && where != in_another};
	delayed_work<body> *item = nullptr;

	one_order();
	auto w = worker::run("worker");
	item = new (std::nothrow) delayed_work<body>(
		must(w), body{counted(t), &item, where == in_itself ? other : -1, &a, &over});
	const auto f = [&] {
		call(item, other, a);
		over.store(true, std::memory_order_release);
	};
	work another(*w, f);
	// What is pending already can be moved, cancelled and awaited.
	if (where != in_itself && one >= mod)
		call(item, queue_after, a);
	all_orders();
	if constexpr (where == context_of_its_own) {
		context c("other", [&] { call(item, other, a); });
		call(item, one, a);
		join();
	} else if constexpr (where == in_an_interrupt) {
		interrupt c("irq", [&] { call(item, other, a); });
		call(item, one, a);
		join();
	} else if constexpr (where == in_itself) {
		// Its first run is the other operation.
		auto &its = *item;
		a.add(its.queue());
		if (one == destroy)
			delete std::exchange(item, nullptr);
		else if (other != destroy)
			call(its, one, a);
	} else {
		another.queue();
		call(item, one, a);
	}
	one_order();
	if (where == in_itself && one >= cancel)
		over.store(true);
	wait_for(over);
	if (item) {
		(void)item->flush();
		call(item, cancel, a);
		(void)w->flush();
		expect_account(t, a, one, other);
	}
	*w = worker();
	delete item;
}

const char *why_not(int one, int other)
{
	if (one == destroy || other == destroy)
		return "an item is destroyed when nobody else uses it";
	return nullptr;
}

const char *why_not_in_an_interrupt(int one, int other)
{
	if (other >= cancel)
		return "may sleep";
	return why_not(one, other);
}

const char *why_not_in_itself(int one, int other)
{
	if (other == destroy && one != queue)
		return "may find the item gone, as nobody knows when it runs";
	return nullptr;
}

const pairs of_contexts("item", names, one_item<context_of_its_own>, why_not);
const pairs of_interrupts("interrupt", names, names, one_item<in_an_interrupt>,
			  why_not_in_an_interrupt);
const pairs of_itself("itself", names, names, one_item<in_itself>, why_not_in_itself);
const pairs of_another("another", names, names, one_item<in_another>, why_not);

void two_items()
{
	const int one = current_scenario->one, other = current_scenario->other;
	tally t, u;
	account a, b;
	std::atomic<bool> over{false};
	delayed_work<body> *first = nullptr, *second = nullptr;

	one_order();
	auto w = worker::run("worker");
	first = new (std::nothrow)
		delayed_work<body>(must(w), body{counted(t), &first, -1, &a, &over});
	second =
		new (std::nothrow) delayed_work<body>(*w, body{counted(u), &second, -1, &b, &over});
	if (one >= cancel)
		call(first, queue, a);
	if (other >= cancel)
		call(second, queue, b);
	all_orders();
	context c("other", [&] { call(second, other, b); });
	call(first, one, a);
	join();
	one_order();
	for (auto **item : {&first, &second}) {
		account &its = item == &first ? a : b;

		if (!*item)
			continue;
		(void)(*item)->flush();
		expect_account(item == &first ? t : u, its, item == &first ? one : other, -1);
	}
	*w = worker();
	delete first;
	delete second;
}

// No item of the pair is pending before.
const char *why_not_of_two(int one, int other)
{
	return one == mod || other == mod ? "does what queue_after does" : nullptr;
}

const pairs of_two("two", names, two_items, why_not_of_two);
} // namespace
