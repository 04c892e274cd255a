// SPDX-License-Identifier: GPL-2.0
//
// The kernel's printing:
//
//	void loaded(int threads)
//	{
//		pr_info("loaded: %d threads\n", threads);
//	}
//
// Context: any. Wraps _printk(). The module's name stands before each message, unless the source defines
// pr_fmt() before it includes this header. Formats are the kernel's (%pe, %pS, %*ph), and the compiler checks
// them. The macros that end in _ratelimited print ten messages in five seconds at most; they take
// $(cxxrt-kernel-objs).
#pragma once

#include <cxxrt/kernel_words.hpp>

// For the library: the macros call it.
extern "C" [[gnu::format(printf, 1, 2)]] int _printk(const char *format, ...);

#ifndef pr_fmt
#define pr_fmt(format) KBUILD_MODNAME ": " format
#endif

#define pr_emerg(format, ...) CXXRT_PRINT("0", format, ##__VA_ARGS__)
#define pr_alert(format, ...) CXXRT_PRINT("1", format, ##__VA_ARGS__)
#define pr_crit(format, ...) CXXRT_PRINT("2", format, ##__VA_ARGS__)
#define pr_err(format, ...) CXXRT_PRINT("3", format, ##__VA_ARGS__)
#define pr_warn(format, ...) CXXRT_PRINT("4", format, ##__VA_ARGS__)
#define pr_notice(format, ...) CXXRT_PRINT("5", format, ##__VA_ARGS__)
#define pr_info(format, ...) CXXRT_PRINT("6", format, ##__VA_ARGS__)
// Prints if DEBUG is defined. Otherwise the compiler only checks the format. Dynamic debug cannot turn it on: the
// table of dynamic debug is C.
#ifdef DEBUG
#define pr_debug(format, ...) CXXRT_PRINT("7", format, ##__VA_ARGS__)
#else
#define pr_debug(format, ...)                                                                      \
	do {                                                                                       \
		if (false)                                                                         \
			CXXRT_PRINT("7", format, ##__VA_ARGS__);                                   \
	} while (false)
#endif
// Appends to the line of the message before.
#define pr_cont(format, ...) _printk("\001c" format, ##__VA_ARGS__)

#define pr_err_ratelimited(format, ...) CXXRT_RATELIMITED(pr_err, format, ##__VA_ARGS__)
#define pr_warn_ratelimited(format, ...) CXXRT_RATELIMITED(pr_warn, format, ##__VA_ARGS__)
#define pr_notice_ratelimited(format, ...) CXXRT_RATELIMITED(pr_notice, format, ##__VA_ARGS__)
#define pr_info_ratelimited(format, ...) CXXRT_RATELIMITED(pr_info, format, ##__VA_ARGS__)
#define pr_err_once(format, ...) CXXRT_ONCE(pr_err, format, ##__VA_ARGS__)
#define pr_warn_once(format, ...) CXXRT_ONCE(pr_warn, format, ##__VA_ARGS__)
#define pr_info_once(format, ...) CXXRT_ONCE(pr_info, format, ##__VA_ARGS__)

#define CXXRT_PRINT(level, format, ...) _printk("\001" level pr_fmt(format), ##__VA_ARGS__)
#define CXXRT_RATELIMITED(print, format, ...)                                                      \
	do {                                                                                       \
		static constinit cxxrt_ratelimit_site cxxrt_site{};                                \
		if (::cxxrt_ratelimit(&cxxrt_site, __func__))                                      \
			print(format, ##__VA_ARGS__);                                              \
	} while (false)
#define CXXRT_ONCE(print, format, ...)                                                             \
	do {                                                                                       \
		static constinit bool cxxrt_printed = false;                                       \
		if (!__atomic_exchange_n(&cxxrt_printed, true, __ATOMIC_RELAXED))                  \
			print(format, ##__VA_ARGS__);                                              \
	} while (false)
