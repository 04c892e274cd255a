// SPDX-License-Identifier: GPL-2.0
//
// The kernel's flags of an allocation, as an argument of new:
//
//	int *number_from_an_interrupt(int value)
//	{
//		return new (cxxrt::gfp::atomic) int(value); // null if there is no memory
//	}
#pragma once

#include <new>

namespace cxxrt
{
// How an allocation may get its memory. Lifetime: a value.
enum class gfp : unsigned int {
	kernel, // GFP_KERNEL: may sleep
	atomic, // GFP_ATOMIC: from any context, may use the reserves
	nowait, // GFP_NOWAIT: from any context, leaves the reserves alone
};
} // namespace cxxrt

// Allocates, and gives null if there is no memory. Context: may sleep with gfp::kernel, any but NMI with the
// others. Wraps kmalloc().
[[nodiscard]] void *operator new(std::size_t size, cxxrt::gfp flags) noexcept;
[[nodiscard]] void *operator new[](std::size_t size, cxxrt::gfp flags) noexcept;
[[nodiscard]] void *operator new(std::size_t size, std::align_val_t align,
				 cxxrt::gfp flags) noexcept;
[[nodiscard]] void *operator new[](std::size_t size, std::align_val_t align,
				   cxxrt::gfp flags) noexcept;
