// SPDX-License-Identifier: GPL-2.0
//
// A return from the function when a call has failed:
//
//	cxxrt::result<int> twice_half(int n)
//	{
//		return 2 * CXXRT_TRY(half(n));
//	}
#pragma once

#include <expected>

// Gives the value of a std::expected. If that holds an error, the enclosing function returns with the error.
// Context: any. The argument has to be a function's result: from a variable the macro would move the value out.
// The macro gives an object: a reference would refer to a part of a result that no longer exists.
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
