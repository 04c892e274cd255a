// SPDX-License-Identifier: GPL-2.0
//
// The value of an expected, or return with its error:
//
//	cxxrt::result<int> twice_half(int n)
//	{
//		return 2 * CXXRT_TRY(half(n));
//	}
#pragma once

#include <expected>

// What is tried has to be a function's result: of a variable it would take the value away. The value is
// an object, as a reference to a part of the result would be left dangling.
#define CXXRT_TRY(...)                                                                             \
	__extension__({                                                                            \
		auto &&cxxrt_result = (__VA_ARGS__);                                               \
		using cxxrt_type = decltype(cxxrt_result);                                         \
		static_assert(!std::is_lvalue_reference_v<cxxrt_type>,                             \
			      "CXXRT_TRY takes a result, not a variable: std::move() it");         \
		static_assert(!std::is_reference_v<                                                \
				      typename std::remove_reference_t<cxxrt_type>::value_type>,   \
			      "CXXRT_TRY gives no reference");                                     \
		if (!cxxrt_result)                                                                 \
			return std::unexpected(std::move(cxxrt_result).error());                   \
		*std::move(cxxrt_result);                                                          \
	})
