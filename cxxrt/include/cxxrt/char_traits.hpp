// SPDX-License-Identifier: GPL-2.0
//
// char_traits, of <string_view>. Left out: the types of streams, int_type and its like serve only them.
#pragma once

#include <compare>
#include <cxxrt/precondition.hpp>
#include <stdint.h>

extern "C" {
void *memcpy(void *to, const void *from, size_t count);
void *memmove(void *to, const void *from, size_t count);
void *memset(void *to, int byte, size_t count);
}

namespace std
{
template <class C>
struct char_traits {
	using char_type = C;
	using int_type = conditional_t<
		is_same_v<C, char>, int,
		conditional_t<sizeof(C) == 1, unsigned int,
			      conditional_t<sizeof(C) == 2, uint_least16_t, uint_least32_t>>>;
	using comparison_category = strong_ordering;

	static constexpr void assign(C &to, const C &from) noexcept { to = from; }
	[[nodiscard]] static constexpr bool eq(C a, C b) noexcept { return a == b; }
	[[nodiscard]] static constexpr bool lt(C a, C b) noexcept
	{
		if constexpr (is_same_v<C, char>)
			return static_cast<unsigned char>(a) < static_cast<unsigned char>(b);
		else
			return a < b;
	}
	[[nodiscard]] static constexpr int compare(const C *a, const C *b, size_t n)
	{
		if (is_same_v<C, char> && !is_constant_evaluated())
			return n ? __builtin_memcmp(a, b, n) : 0;
		for (size_t i = 0; i < n; ++i) {
			if (lt(a[i], b[i]))
				return -1;
			if (lt(b[i], a[i]))
				return 1;
		}
		return 0;
	}
	[[nodiscard]] static constexpr size_t length(const C *text)
	{
		if constexpr (is_same_v<C, char>) {
			if (!is_constant_evaluated())
				return __builtin_strlen(text);
		}
		size_t n = 0;
		while (text[n] != C())
			++n;
		return n;
	}
	[[nodiscard]] static constexpr const C *find(const C *text, size_t n, const C &c)
	{
		for (; n; --n, ++text) {
			if (eq(*text, c))
				return text;
		}
		return nullptr;
	}
	static constexpr C *move(C *to, const C *from, size_t n)
	{
		if (!n)
			return to;
		if (!is_constant_evaluated()) {
			__builtin_memmove(to, from, n * sizeof(C));
		} else {
			bool behind = false;
			for (size_t i = 0; i < n; ++i)
				behind |= from + i == to;
			for (size_t i = 0; i < n; ++i)
				to[behind ? n - 1 - i : i] = from[behind ? n - 1 - i : i];
		}
		return to;
	}
	static constexpr C *copy(C *to, const C *from, size_t n)
	{
		for (size_t i = 0; i < n; ++i)
			to[i] = from[i];
		return to;
	}
	static constexpr C *assign(C *to, size_t n, C c)
	{
		for (size_t i = 0; i < n; ++i)
			to[i] = c;
		return to;
	}
	[[nodiscard]] static constexpr C to_char_type(const int_type &c) noexcept
	{
		return static_cast<C>(c);
	}
	[[nodiscard]] static constexpr int_type to_int_type(const C &c) noexcept
	{
		return static_cast<int_type>(static_cast<make_unsigned_t<C>>(c));
	}
	[[nodiscard]] static constexpr bool eq_int_type(const int_type &a,
							const int_type &b) noexcept
	{
		return a == b;
	}
	[[nodiscard]] static constexpr int_type eof() noexcept { return static_cast<int_type>(-1); }
	[[nodiscard]] static constexpr int_type not_eof(const int_type &c) noexcept
	{
		return c == eof() ? 0 : c;
	}
};
} // namespace std
