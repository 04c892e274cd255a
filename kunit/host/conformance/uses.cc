// SPDX-License-Identifier: GPL-2.0
//
// A usual use of each header, compiled alone for its bytes: -DUSE_optional and so on.
using size_type = decltype(sizeof(0));
extern "C" int outside(int);

#ifdef USE_optional
#include <optional>
std::optional<int> use(int x)
{
	return x > 0 ? std::optional(outside(x)) : std::nullopt;
}
#endif
#ifdef USE_expected
#include <expected>
std::expected<int, int> use(int x)
{
	if (x < 0)
		return std::unexpected(x);
	return std::expected<int, int>(x).transform(outside);
}
#endif
#ifdef USE_tuple
#include <tuple>
int use(int x)
{
	auto [a, b] = std::tuple(outside(x), outside(x + 1));
	return a + b;
}
#endif
#ifdef USE_array
#include <array>
int use(const std::array<int, 8> &a, size_type i)
{
	return a[i];
}
#endif
#ifdef USE_span
#include <span>
int use(std::span<const int> s)
{
	int sum = 0;
	for (int x : s.first(2))
		sum += x;
	return sum;
}
#endif
#ifdef USE_string_view
#include <string_view>
bool use(std::string_view text)
{
	return text.starts_with("kthread") && text.find('/') != text.npos;
}
#endif
#ifdef USE_sort
#include <algorithm>
void use(int *first, int *last)
{
	std::sort(first, last);
}
#endif
#ifdef USE_lower_bound
#include <algorithm>
int *use(int *first, int *last)
{
	return std::lower_bound(first, last, 7);
}
#endif
#ifdef USE_unique_ptr
#include <memory>
int use(std::unique_ptr<int> p)
{
	return outside(*p);
}
#endif
#ifdef USE_function_ref
#include <functional>
int use(std::function_ref<int(int)> f)
{
	return f(1);
}
#endif
#ifdef USE_move_only_function
#include <functional>
std::move_only_function<int()> use(int x)
{
	return [x] { return outside(x); };
}
#endif
#ifdef USE_atomic
#include <atomic>
std::atomic<int> number;
int use()
{
	return number += 2;
}
#endif
#ifdef USE_chrono
#include <chrono>
long long use(std::chrono::nanoseconds time)
{
	return std::chrono::ceil<std::chrono::milliseconds>(time).count();
}
#endif
#ifdef USE_vector
#include <cxxrt/vector.hpp>
cxxrt::result<void> use(cxxrt::vector<int> &numbers)
{
	if (auto pushed = numbers.push_back(1); !pushed)
		return std::unexpected(pushed.error());
	return {};
}
#endif
