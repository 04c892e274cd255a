// SPDX-License-Identifier: GPL-2.0
#pragma once

#include <new>

namespace cxxrt
{
// How an allocation may get its memory: new (cxxrt::gfp::atomic) T. It gives null when there is
// none.
enum class gfp : unsigned int {
	kernel, // GFP_KERNEL: may sleep
	atomic, // GFP_ATOMIC: from any context, may use the reserves
	nowait, // GFP_NOWAIT: from any context, leaves the reserves alone
};
} // namespace cxxrt

[[nodiscard]] void *operator new(std::size_t size, cxxrt::gfp flags) noexcept;
[[nodiscard]] void *operator new[](std::size_t size, cxxrt::gfp flags) noexcept;
[[nodiscard]] void *operator new(std::size_t size, std::align_val_t align,
				 cxxrt::gfp flags) noexcept;
[[nodiscard]] void *operator new[](std::size_t size, std::align_val_t align,
				   cxxrt::gfp flags) noexcept;
