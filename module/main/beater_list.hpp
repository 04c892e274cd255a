// SPDX-License-Identifier: GPL-2.0
//
// A list of beaters that end together: it asks all of them to stop before it waits for the first. It is no
// array because thousands of them would need one large piece of memory.
#pragma once

#include <memory>
#include <utility>

#include "kthread/this_thread.hpp"

// A Beater has next, request_stop() and stop().
template <class Beater>
class beater_list
{
public:
	beater_list() = default;
	beater_list(const beater_list &) = delete;
	beater_list &operator=(const beater_list &) = delete;
	~beater_list() { stop(); }

	// Empties the list.
	[[gnu::cold]] void stop()
	{
		for_each([](Beater &each) { each.request_stop(); });
		while (first_) {
			const std::unique_ptr<Beater> one(std::exchange(first_, first_->next));

			one->stop();
			kthread::this_thread::yield();
		}
		last_ = nullptr;
		size_ = 0;
	}

	void append(std::unique_ptr<Beater> one)
	{
		Beater *const more = one.release();

		append(more, more, 1);
	}
	void append(beater_list &more)
	{
		if (more.first_)
			append(std::exchange(more.first_, nullptr), more.last_, more.size_);
	}

	// Keeps the first ones and moves the others to rest, which is empty. keep is at least 1.
	void split(unsigned int keep, beater_list &rest)
	{
		Beater *end = first_;
		for (unsigned int i = 1; i < keep; ++i)
			end = end->next;
		rest.append(std::exchange(end->next, nullptr), last_, size_ - keep);
		last_ = end;
		size_ = keep;
	}

	[[nodiscard]] unsigned int size() const { return size_; }

	// There may be 100,000, so others run in between.
	template <class F>
	void for_each(F f) const
	{
		for (Beater *each = first_; each; each = each->next) {
			f(*each);
			kthread::this_thread::yield();
		}
	}

private:
	void append(Beater *more, Beater *last, unsigned int size)
	{
		(last_ ? last_->next : first_) = more;
		last_ = last;
		size_ += size;
	}

	Beater *first_ = nullptr;
	Beater *last_ = nullptr;
	unsigned int size_ = 0;
};
