// SPDX-License-Identifier: GPL-2.0
#pragma once

namespace cxxrt
{
// What the standard's hardened library checks: the caller's mistake is an oops that names it.
[[gnu::always_inline]] constexpr void precondition(bool met)
{
	if (!met)
		__builtin_trap();
}
} // namespace cxxrt
