// SPDX-License-Identifier: GPL-2.0
//
// make_signed and make_unsigned, of <type_traits>.
#pragma once

namespace cxxrt
{
// The signed or the unsigned one of a family of integers that has the size of T.
// The narrowest, in the standard's order.
template <class T, class... Family>
struct sized_like;
template <class T, class First, class... Rest>
struct sized_like<T, First, Rest...>
	: std::conditional_t<sizeof(T) == sizeof(First), std::type_identity<First>,
			     sized_like<T, Rest...>> {
};
template <class T>
struct sized_like<T> {
};

// First the types that have a name for either sign, which for sizes alone could be another's.
template <class T>
struct signs : std::type_identity<void> {
	using without = typename sized_like<T, unsigned char, unsigned short, unsigned,
					    unsigned long, unsigned long long>::type;
	using with = typename sized_like<T, signed char, short, int, long, long long>::type;
};
#define CXXRT_SIGNS(name)                                                                          \
	template <>                                                                                \
	struct signs<name> {                                                                       \
		using with = signed name;                                                          \
		using without = unsigned name;                                                     \
	};                                                                                         \
	template <>                                                                                \
	struct signs<unsigned name> : signs<name> {                                                \
	};
CXXRT_SIGNS(char)
CXXRT_SIGNS(short)
CXXRT_SIGNS(int)
CXXRT_SIGNS(long)
CXXRT_SIGNS(long long)
#undef CXXRT_SIGNS
template <>
struct signs<signed char> : signs<char> {
};
#if defined(__SIZEOF_INT128__) && !defined(__STRICT_ANSI__)
template <>
struct signs<int128> {
	using with = int128;
	using without = uint128;
};
template <>
struct signs<uint128> : signs<int128> {
};
#endif

template <class From, class To>
using copy_const = std::conditional_t<is_const<From>, const To, To>;
template <class From, class To>
using copy_cv =
	std::conditional_t<is_volatile<From>, volatile copy_const<From, To>, copy_const<From, To>>;
} // namespace cxxrt

namespace std
{
template <class T>
struct make_signed {
	static_assert((is_integral_v<T> || is_enum_v<T>)&&!is_same_v<remove_cv_t<T>, bool>);
	using type = cxxrt::copy_cv<T, typename cxxrt::signs<remove_cv_t<T>>::with>;
};
CXXRT_TYPE(make_signed)
template <class T>
struct make_unsigned {
	static_assert((is_integral_v<T> || is_enum_v<T>)&&!is_same_v<remove_cv_t<T>, bool>);
	using type = cxxrt::copy_cv<T, typename cxxrt::signs<remove_cv_t<T>>::without>;
};
CXXRT_TYPE(make_unsigned)
} // namespace std
