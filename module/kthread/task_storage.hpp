// SPDX-License-Identifier: GPL-2.0
//
// Memory for a task's frame that does not come from the heap:
//
//	#include "kthread/executor.hpp"
//
//	static constinit kthread::task_storage<320> room;
//
//	kthread::task<void> settle_in_room(kthread::task_storage<320> &, void (*stop)())
//	{
//		auto slept = co_await kthread::this_task::sleep_for(20ms, 1ms);
//
//		stop();
//		co_return slept;
//	}
//
//	int settle_without_heap(const kthread::executor &tasks, void (*stop)())
//	{
//		kthread::scope one(tasks);
//
//		if (auto spawned = one.spawn(settle_in_room(room, stop)); !spawned)
//			return kthread::to_errno(spawned);
//		return kthread::to_errno(one.wait());
//	}
#pragma once

#include <atomic>
#include <cstddef>

namespace kthread
{
// Room for one frame of up to Size bytes, for the coroutine that takes it as a parameter, by reference. It can be
// static. A coroutine with a larger frame does not compile; how large frames are depends on the compiler. While a frame
// lies in it, another call gives an empty task, and ENOMEM where that is spawned or awaited. When the task has ended, the
// room is free again. Context: hard interrupt. Lifetime: it outlives the task. Implemented with an atomic flag.
template <std::size_t Size>
class task_storage
{
public:
	constexpr task_storage() noexcept = default;
	task_storage(const task_storage &) = delete;
	task_storage &operator=(const task_storage &) = delete;

	// For the library: so many bytes, and null if there is a frame in them.
	static constexpr std::size_t size = Size;
	[[nodiscard]] void *take() noexcept
	{
		return taken_.exchange(true, std::memory_order_acquire) ? nullptr : bytes_;
	}
	static void give_back(void *frame) noexcept
	{
		static_cast<task_storage *>(frame)->taken_.store(false, std::memory_order_release);
	}

private:
	// The first member, so that the frame's address is this object's.
	alignas(__STDCPP_DEFAULT_NEW_ALIGNMENT__) std::byte bytes_[Size] = {};
	std::atomic<bool> taken_{false};
};

// For the library: the first of a coroutine's arguments that is a storage.
template <class... Args>
struct storage_among {
	using type = void;
};
template <class First, class... Rest>
struct storage_among<First, Rest...> : storage_among<Rest...> {
};
template <std::size_t Size, class... Rest>
struct storage_among<task_storage<Size> &, Rest...> {
	using type = task_storage<Size>;
};

#ifdef __NO_INLINE__
// For the library: nothing is known before it runs.
[[noreturn]] inline void frame_larger_than_its_storage()
{
	__builtin_trap();
}
#else
[[noreturn,
  gnu::error("the frame of this coroutine is larger than the task_storage that it takes")]] void
frame_larger_than_its_storage();
#endif

// For the library: the promise of a coroutine that takes a storage.
template <class Promise, class Storage>
struct stored_promise : Promise {
	template <class... Args>
	explicit stored_promise(Args &...args) noexcept : Promise(args...)
	{
		this->is_stored = true;
	}

	template <class... Args>
	[[gnu::always_inline]] static void *operator new(std::size_t size, Args &...args) noexcept
	{
		if (size > Storage::size)
			frame_larger_than_its_storage();
		return take(args...);
	}
	static void operator delete(void *frame, std::size_t) noexcept
	{
		Storage::give_back(frame);
	}

private:
	template <class... Rest>
	static void *take(Storage &storage, Rest &...) noexcept
	{
		return storage.take();
	}
	template <class First, class... Rest>
	static void *take(First &, Rest &...rest) noexcept
	{
		return take(rest...);
	}
};
} // namespace kthread
