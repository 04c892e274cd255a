// SPDX-License-Identifier: GPL-2.0
//
// The name of a thread, by a format.
#include "kthread/jthread.hpp"

namespace kthread
{
name::name(const char *format, ...)
{
	__builtin_va_list args;

	__builtin_va_start(args, format);
	vsnprintf(text_, sizeof(text_), format, args);
	__builtin_va_end(args);
}
} // namespace kthread
