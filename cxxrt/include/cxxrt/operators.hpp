// SPDX-License-Identifier: GPL-2.0
//
// Operators as objects: plus, less and their like, of <functional>.
#pragma once

#include <utility>

namespace std
{
#define CXXRT_OPERATOR(name, result, op)                                                           \
	template <class T = void>                                                                  \
	struct name {                                                                              \
		[[nodiscard]] constexpr result operator()(const T &x, const T &y) const            \
		{                                                                                  \
			return x op y;                                                             \
		}                                                                                  \
	};                                                                                         \
	template <>                                                                                \
	struct name<void> {                                                                        \
		using is_transparent = void;                                                       \
		template <class T, class U>                                                        \
		constexpr auto operator()(T &&t, U &&u) const                                      \
			noexcept(noexcept(std::forward<T>(t) op std::forward<U>(u)))               \
				-> decltype(std::forward<T>(t) op std::forward<U>(u))              \
		{                                                                                  \
			return std::forward<T>(t) op std::forward<U>(u);                           \
		}                                                                                  \
	};
CXXRT_OPERATOR(plus, T, +)
CXXRT_OPERATOR(minus, T, -)
CXXRT_OPERATOR(multiplies, T, *)
CXXRT_OPERATOR(divides, T, /)
CXXRT_OPERATOR(modulus, T, %)
CXXRT_OPERATOR(equal_to, bool, ==)
CXXRT_OPERATOR(not_equal_to, bool, !=)
CXXRT_OPERATOR(less, bool, <)
CXXRT_OPERATOR(greater, bool, >)
CXXRT_OPERATOR(less_equal, bool, <=)
CXXRT_OPERATOR(greater_equal, bool, >=)
CXXRT_OPERATOR(logical_and, bool, &&)
CXXRT_OPERATOR(logical_or, bool, ||)
CXXRT_OPERATOR(bit_and, T, &)
CXXRT_OPERATOR(bit_or, T, |)
CXXRT_OPERATOR(bit_xor, T, ^)
#undef CXXRT_OPERATOR
#define CXXRT_OPERATOR(name, result, op)                                                           \
	template <class T = void>                                                                  \
	struct name {                                                                              \
		[[nodiscard]] constexpr result operator()(const T &x) const { return op x; }       \
	};                                                                                         \
	template <>                                                                                \
	struct name<void> {                                                                        \
		using is_transparent = void;                                                       \
		template <class T>                                                                 \
		constexpr auto operator()(T &&t) const noexcept(noexcept(op std::forward<T>(t)))   \
			-> decltype(op std::forward<T>(t))                                         \
		{                                                                                  \
			return op std::forward<T>(t);                                              \
		}                                                                                  \
	};
CXXRT_OPERATOR(negate, T, -)
CXXRT_OPERATOR(logical_not, bool, !)
CXXRT_OPERATOR(bit_not, T, ~)
#undef CXXRT_OPERATOR
} // namespace std
