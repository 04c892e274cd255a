// SPDX-License-Identifier: GPL-2.0
//
// Bytes to make objects in, of <type_traits>.
#pragma once

namespace std
{
template <size_t size, size_t align = alignof(max_align_t)>
struct aligned_storage {
	struct type {
		alignas(align) unsigned char bytes[size];
	};
};
template <size_t size, size_t align = alignof(max_align_t)>
using aligned_storage_t = typename aligned_storage<size, align>::type;

template <size_t least, class... T>
struct aligned_union {
private:
	static constexpr size_t greatest(size_t a, size_t b) { return a < b ? b : a; }
	template <class... N>
	static constexpr size_t greatest(size_t a, size_t b, N... rest)
	{
		return greatest(greatest(a, b), rest...);
	}

public:
	static constexpr size_t alignment_value = greatest(1, alignof(T)...);
	using type = aligned_storage_t<greatest(least, sizeof(T)...), alignment_value>;
};
template <size_t least, class... T>
using aligned_union_t = typename aligned_union<least, T...>::type;
} // namespace std
