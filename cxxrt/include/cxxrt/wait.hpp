// SPDX-License-Identifier: GPL-2.0
#pragma once

// Of cxxrt/kernel.c, in $(cxxrt-kernel-objs).
extern "C" {
// Sleeps until changed(context), which is asked again after each cxxrt_wake_var() of the address. For
// threads that may sleep; not ended by signals. Wraps wait_var_event().
void cxxrt_wait_var(const void *address, bool (*changed)(const void *context), const void *context);
// For any context but NMIs and, on PREEMPT_RT, hard interrupts. Wraps wake_up_var().
void cxxrt_wake_var(const void *address);
}

namespace cxxrt
{
template <class F>
void wait_for_change(const void *address, const F &changed)
{
	if (changed())
		return;
	cxxrt_wait_var(
		address,
		[](const void *context) { return bool((*static_cast<const F *>(context))()); },
		&changed);
}
} // namespace cxxrt
