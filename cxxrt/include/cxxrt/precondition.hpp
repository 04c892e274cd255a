// SPDX-License-Identifier: GPL-2.0
#pragma once

namespace cxxrt
{
// Traps unless a condition holds that the standard's hardened library checks. The oops names the caller.
[[gnu::always_inline]] constexpr void precondition(bool met)
{
	if (!met)
		__builtin_trap();
}
} // namespace cxxrt
