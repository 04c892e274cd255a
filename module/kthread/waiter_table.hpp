// SPDX-License-Identifier: GPL-2.0
//
// Tasks that wait where threads wait too. It is for the library:
//
//	void notify_waiters(const void *what)
//	{
//		kthread::waiter_table::notify(what, true);
//	}
//
// What threads wait on is the kernel's, and wakes threads. A task waits in a table of lists beside it, by the address of
// the object. Whoever notifies one waiter notifies one thread and one task, if there are both: each looks whether there
// is something for it, and the other goes on waiting. Nothing is read at the address, which may be gone.
#pragma once

#include <atomic>
#include <cstdint>

#include "kthread/spinlock.hpp"

namespace kthread
{
// For the library: one that waits. It lies in the frame of its task.
struct waiter_node {
	waiter_node(const void *address, void (*notified)(waiter_node &) noexcept) noexcept
		: address(address), notified(notified)
	{
	}
	waiter_node(const waiter_node &) = delete;
	waiter_node &operator=(const waiter_node &) = delete;

	const void *const address;
	void (*const notified)(waiter_node &) noexcept; // with the list's lock held
	waiter_node *next = nullptr, *prev = nullptr;
	bool waits = false;        // and is in the list
	bool was_notified = false; // since it joined
};

// For the library: those that wait, and whose addresses share a number.
struct waiter_list {
	static constexpr unsigned int bits = 6;

	std::atomic<unsigned int> size{0};
	waiter_node *first = nullptr, *last = nullptr;
	raw_spinlock lock{"kthread waiters"_lock};
};
extern waiter_list waiter_lists[1u << waiter_list::bits];

// For the library: all that wait.
class waiter_table
{
public:
	// Goes into the list, as its last, unless it is there. A notification from now on calls notified(), which takes
	// it out. Context: hard interrupt. Implemented with raw_spinlock.
	static void join(waiter_node &node) noexcept;
	// Leaves the list. Returns whether it had been notified since it joined. Context: hard interrupt.
	static bool leave(waiter_node &node) noexcept;

	// Notifies the first one that waits at the address, or all, after a change. Returns whether there was one.
	// With interrupts off it looks at each waiter whose address shares a number. Context: hard interrupt.
	static bool notify(const void *address, bool all) noexcept
	{
		// Either this sees the waiter, or the waiter's last look sees the change.
		std::atomic_thread_fence(std::memory_order_seq_cst);
		if (of(address).size.load(std::memory_order_relaxed)) [[unlikely]]
			return wake(address, all);
		return false;
	}

private:
	static waiter_list &of(const void *address) noexcept
	{
		const auto number = reinterpret_cast<std::uintptr_t>(address);

		return waiter_lists[(number * 0x9e3779b97f4a7c15ull) >> (64 - waiter_list::bits)];
	}
	static void unlink(waiter_list &list, waiter_node &node) noexcept;
	static bool wake(const void *address, bool all) noexcept;
};
} // namespace kthread
