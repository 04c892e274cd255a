/* SPDX-License-Identifier: GPL-2.0 */
/* Of libstdc++'s inner headers what the utilities of its tests name, though no test here calls it. */
#ifndef CONFORMANCE_EXT_TYPE_TRAITS_H
#define CONFORMANCE_EXT_TYPE_TRAITS_H

#include <type_traits>

namespace __gnu_cxx
{
template <bool, class T>
struct __enable_if {
	using __type = T;
};
} // namespace __gnu_cxx
namespace std
{
template <class T, class U>
struct __are_same {
	static constexpr bool __value = is_same_v<T, U>;
};
} // namespace std

#endif
