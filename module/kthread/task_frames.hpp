// SPDX-License-Identifier: GPL-2.0
//
// The memory of frames. It is for the library:
//
//	void forget(kthread::task_frames &frames, std::size_t size)
//	{
//		::operator delete(frames.take(size));
//	}
//
// A call of a child task takes a frame and gives it back, again and again. An executor therefore keeps some of the frames
// that end on its thread, and the next calls on its thread take those. Other threads, and interrupts, use the heap alone.
#pragma once

#include <cstddef>

struct task_struct;

namespace kthread
{
// For the library: the frames that an executor keeps. Context: one thread. Lifetime: the destructor frees them.
// Implemented with lists.
class task_frames
{
public:
	task_frames() noexcept = default;
	task_frames(const task_frames &) = delete;
	task_frames &operator=(const task_frames &) = delete;
	~task_frames() { clear(); }

	// The calling thread uses these from now on, until end(), which frees them. It does not if another thread has
	// its place.
	void begin() noexcept;
	void end() noexcept;

	// Takes a frame of this size out. Null if there is none.
	[[nodiscard]] void *take(std::size_t size) noexcept;
	// Keeps a frame. If there are enough of its size, frees those.
	void keep(void *frame, std::size_t size) noexcept;

	// The memory of a frame. Null if there is none, and in an interrupt. Context: may sleep.
	[[nodiscard]] static void *allocate(std::size_t size) noexcept;
	// Gives it back. Context: hard interrupt.
	static void free(void *frame, std::size_t size) noexcept;

	static constexpr unsigned int most = 16; // of each size

private:
	// Sizes are rounded up, most as kmalloc() does it anyway.
	static constexpr std::size_t step = 64, classes = 8, biggest = step * classes;

	// For the library: a frame that is kept.
	struct kept {
		kept *next;
	};
	// For the library: those of a size.
	struct list {
		kept *first = nullptr;
		unsigned int length = 0;
	};

	void clear() noexcept;
	static void clear(list &its) noexcept;
	static std::size_t class_of(std::size_t size) noexcept { return (size - 1) / step; }
	static task_frames *of(const task_struct *thread) noexcept;

	list lists_[classes];
};
} // namespace kthread
