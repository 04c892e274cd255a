// SPDX-License-Identifier: GPL-2.0
//
// A thread for each CPU, that follows it offline and online:
//
//	struct counter {
//		static inline std::atomic<unsigned int> rounds{0};
//		static bool should_run(unsigned int cpu) { return rounds <= cpu; }
//		static void run(unsigned int) { ++rounds; }
//	};
//
//	int count()
//	{
//		kthread::percpu_threads<counter> threads;
//
//		if (auto started = threads.start("count/%u"); !started)
//			return kthread::to_errno(started);
//		threads.wake(0);
//		return 0;
//	}
#pragma once

#include <cstddef>
#include <cstdint>

#include "kthread/context.hpp"
#include "kthread/errno.hpp"

namespace kthread
{
// The names of the threads: a literal with one %u for the CPU. The compiler checks it. Context: any.
// Lifetime: that of the literal, for ever. Implemented with a consteval constructor.
class percpu_name
{
public:
	// Takes the literal.
	template <std::size_t size>
	consteval percpu_name(const char (&format)[size]) : format_(format)
	{
		unsigned int conversions = 0;

		for (std::size_t i = 0; i + 1 < size; ++i) {
			if (format[i] == '%' && (format[i + 1] != 'u' || conversions++))
				has_one_percent_u_and_no_other();
		}
		if (!conversions)
			has_one_percent_u_and_no_other();
	}
	// The literal.
	operator const char *() const { return format_; }

private:
	// Not constexpr, so that its call does not compile.
	static void has_one_percent_u_and_no_other();

	const char *format_;
};

// For the library: whether each hook that calls has can be named. A name that both bases have is ambiguous.
struct percpu_names {
	int setup, cleanup, park, unpark;
};
template <class calls>
consteval bool hooks_are_named()
{
	if constexpr (__is_final(calls)) {
		return true;
	} else {
		struct both : calls, percpu_names {
		};

		// clang-format off
		return requires { &calls::setup; } != requires { &both::setup; } &&
		       requires { &calls::cleanup; } != requires { &both::cleanup; } &&
		       requires { &calls::park; } != requires { &both::park; } &&
		       requires { &calls::unpark; } != requires { &both::unpark; };
		// clang-format on
	}
}

// What the threads do is static members of calls, as the kernel hands them the CPU and nothing
// else:
//
//	bool should_run(unsigned int cpu)	whether there is work; must not sleep. Asked after
//						each wake-up and each run.
//	void run(unsigned int cpu)		does some of it and returns; may sleep. A stop, and
//						the CPU on its way down, wait until it has.
//
// and, if they are there, in the thread, may sleep; each is public, and one function:
//
//	void setup(unsigned int cpu)		before anything else
//	void park(unsigned int cpu)		the CPU goes offline; the last that runs on it
//	void unpark(unsigned int cpu)		the CPU is back
//	void cleanup(unsigned int cpu, bool online)	after a stop
//
// None of them may take the lock of CPU hotplug. Parked threads and threads without work do not count for
// the load average. The freezer freezes none of them.
//
// Implemented with the kernel's smpboot threads. Lifetime: the threads end at the latest with the object.
template <class calls>
class percpu_threads
{
public:
	constexpr percpu_threads() noexcept = default;
	percpu_threads(const percpu_threads &) = delete;
	percpu_threads &operator=(const percpu_threads &) = delete;
	// Calls stop(). One of the threads must not destroy the object. Context: may sleep.
	~percpu_threads()
	{
		if (!stop())
			_printk("\0013kthread: a thread of a CPU dropped its own handle\n");
	}

	// Creates a thread on each CPU that is online, and later on each CPU that comes online. If one
	// cannot be created, none is left. Context: may sleep. Errors: EBUSY if they are there; ENOMEM;
	// EAGAIN at the system's limit of threads; EINTR when the caller is being killed.
	// Wraps smpboot_register_percpu_thread().
	[[nodiscard]] result<void> start(percpu_name name)
	{
		if (threads_)
			return std::unexpected(errno_t::EBUSY);

		const bridge_percpu_calls table = make_table(name);
		auto *threads = bridge_percpu_start(&table);
		auto address = reinterpret_cast<std::intptr_t>(threads);

		if (address < 0 && address >= -BRIDGE_MAX_ERRNO)
			return std::unexpected(static_cast<errno_t>(address));
		threads_ = threads;
		return {};
	}

	// Ends all threads, also those of CPUs that are offline, and waits for them. Context: may sleep.
	// Errors: EDEADLK if one of them calls it. Wraps smpboot_unregister_percpu_thread().
	result<void> stop()
	{
		might_sleep();
		if (!threads_)
			return {};

		auto stopped = to_result(bridge_percpu_stop(threads_));

		if (stopped)
			threads_ = nullptr;
		return stopped;
	}

	// Wakes the thread of this CPU, which calls should_run(). Returns true if it was asleep. Returns
	// false also if there is no such thread, or if it is parked; a parked thread calls should_run() when
	// its CPU is back. Context: hard interrupt, but not while start() or stop() runs.
	// Wraps wake_up_process().
	bool wake(unsigned int cpu) { return threads_ && bridge_percpu_wake(threads_, cpu); }

private:
	static constexpr bridge_percpu_calls make_table(const char *name)
	{
		static_assert(
			hooks_are_named<calls>(),
			"setup, cleanup, park and unpark are public, and each is one function");

		bridge_percpu_calls table{};

		table.name = name;
		table.should_run = [](unsigned int cpu) -> int { return calls::should_run(cpu); };
		table.run = [](unsigned int cpu) {
			calls::run(cpu);
			// The kernel calls it again at once as long as there is work.
			bridge_yield();
		};
		if constexpr (requires { &calls::setup; })
			table.setup = calls::setup;
		if constexpr (requires { &calls::cleanup; })
			table.cleanup = calls::cleanup;
		// The kernel calls unpark() only after a park().
		if constexpr (requires { &calls::park; })
			table.park = calls::park;
		else if constexpr (requires { &calls::unpark; })
			table.park = [](unsigned int) {};
		if constexpr (requires { &calls::unpark; })
			table.unpark = calls::unpark;
		return table;
	}

	smp_hotplug_thread *threads_ = nullptr;
};
} // namespace kthread
