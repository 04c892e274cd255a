// SPDX-License-Identifier: GPL-2.0
//
// Signals of kernel threads, and what allocations of a thread may do.
//
//	// 10 is SIGUSR1 on most machines.
//	int count_signals(kthread::stop_token stop, kthread::completion &never)
//	{
//		int signals = 0;
//
//		kthread::this_thread::allow_signal(10);
//		while (never.wait(kthread::or_signal(stop)).error() == kthread::errno_t::ERESTARTSYS) {
//			kthread::this_thread::flush_signals();
//			++signals;
//		}
//		return signals;
//	}
#pragma once

#include "kthread/completion.hpp"

namespace kthread::this_thread
{
// Lets a signal reach the calling thread, or no more. A kernel thread begins with none. Users can send it then as
// well. A number that is no signal changes nothing. Context: may sleep. Wrap allow_signal(), disallow_signal().
inline void allow_signal(int signal)
{
	native::bridge_allow_signal(signal);
}
inline void disallow_signal(int signal)
{
	native::bridge_disallow_signal(signal);
}

// Whether a signal is pending, which ends each wait by or_signal() until flush_signals(). After a stop request it may be
// true without a signal, also after flush_signals(), as kthread_stop() makes it. Context: may sleep.
// Wrap signal_pending(), flush_signals().
[[nodiscard]] inline bool signal_pending()
{
	return native::bridge_has_signal();
}
inline void flush_signals()
{
	native::bridge_flush_signals();
}
} // namespace kthread::this_thread

namespace kthread
{
// In its scope, allocations of the calling thread start no I/O, or enter no file system, or reclaim nothing: for
// threads that the kernel's memory reclaim waits for. Context: may sleep. Lifetime: in one function of one thread.
// Wraps memalloc_noio_save(), memalloc_nofs_save(), memalloc_noreclaim_save().
class memalloc_scope
{
public:
	enum limit : unsigned int {
		noio = BRIDGE_MEMALLOC_NOIO,
		nofs = BRIDGE_MEMALLOC_NOFS,
		noreclaim = BRIDGE_MEMALLOC_NORECLAIM
	};

	// Begins the scope. Context: may sleep.
	[[nodiscard]] explicit memalloc_scope(limit what) noexcept
		: what_(what), before_(native::bridge_memalloc_save(what))
	{
	}
	memalloc_scope(const memalloc_scope &) = delete;
	memalloc_scope &operator=(const memalloc_scope &) = delete;
	// Ends it. Context: may sleep.
	~memalloc_scope() { native::bridge_memalloc_restore(what_, before_); }

private:
	const limit what_;
	const unsigned int before_;
};
} // namespace kthread
