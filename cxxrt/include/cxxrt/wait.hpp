// SPDX-License-Identifier: GPL-2.0
#pragma once

#include <cxxrt/kernel_words.hpp>

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
