// SPDX-License-Identifier: GPL-2.0
#include "kthread/task_frames.hpp"

#include <atomic>
#include <cstdint>
#include <new>
#include <utility>

#include "bridge/bridge.h"

namespace kthread
{
namespace
{
// A thread that has frames of its own. It alone reads and writes the second member.
struct place {
	std::atomic<task_struct *> thread{nullptr};
	task_frames *frames = nullptr;
};
constexpr unsigned int bits = 6;
constinit place places[1u << bits];

place &place_of(const task_struct *thread) noexcept
{
	const auto number = reinterpret_cast<std::uintptr_t>(thread);

	return places[(number * 0x9e3779b97f4a7c15ull) >> (64 - bits)];
}
} // namespace

void task_frames::begin() noexcept
{
	task_struct *const thread = bridge_current(), *none = nullptr;
	place &its = place_of(thread);

	// KASAN sees the use of a frame that is gone only if that is really free, and an overflow only at its true end.
	if (!BRIDGE_KASAN && its.thread.compare_exchange_strong(none, thread))
		its.frames = this;
}

void task_frames::end() noexcept
{
	task_struct *const thread = bridge_current();
	place &its = place_of(thread);

	if (its.thread.load(std::memory_order_relaxed) == thread)
		its.thread.store(nullptr, std::memory_order_release);
	clear();
}

void task_frames::clear() noexcept
{
	for (list &each : lists_)
		clear(each);
}

// Many at once cost the kernel less.
void task_frames::clear(list &its) noexcept
{
	void *frames[most];
	unsigned int n = 0;

	for (; its.first; its.first = its.first->next)
		frames[n++] = its.first;
	its.length = 0;
	if (n)
		kmem_cache_free_bulk(nullptr, n, frames);
}

// Those of the calling thread.
inline task_frames *task_frames::of(const task_struct *thread) noexcept
{
	const place &its = place_of(thread);

	return its.thread.load(std::memory_order_relaxed) == thread ? its.frames : nullptr;
}

void *task_frames::take(std::size_t size) noexcept
{
	list &its = lists_[class_of(size)];

	if (!its.first)
		return nullptr;
	--its.length;
	return std::exchange(its.first, its.first->next);
}

void task_frames::keep(void *frame, std::size_t size) noexcept
{
	list &its = lists_[class_of(size)];

	if (its.length == most) {
		if (bridge_irqs_disabled())
			return ::operator delete(frame);
		clear(its);
	}
	++its.length;
	its.first = new (frame) kept{its.first};
}

void *task_frames::allocate(std::size_t size) noexcept
{
	const task_struct *const thread = bridge_own_thread();

	// PREEMPT_RT allocates nothing in an interrupt, whatever the flags.
	if (!thread)
		return nullptr;
	if (size > biggest)
		return ::operator new(size, std::nothrow);
	if (task_frames *const frames = of(thread)) {
		if (void *const frame = frames->take(size))
			return frame;
	}
	return ::operator new(BRIDGE_KASAN ? size : (class_of(size) + 1) * step, std::nothrow);
}

void task_frames::free(void *frame, std::size_t size) noexcept
{
	const task_struct *const thread = bridge_own_thread();
	task_frames *const frames = thread && size <= biggest ? of(thread) : nullptr;

	if (frames)
		frames->keep(frame, size);
	else
		::operator delete(frame);
}
} // namespace kthread
