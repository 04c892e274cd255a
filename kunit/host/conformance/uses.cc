// SPDX-License-Identifier: GPL-2.0
//
// A usual use of each header that has code, compiled alone for its bytes: -DUSE_optional and so on.
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
#ifdef USE_accumulate
#include <numeric>
int use(const int *first, const int *last)
{
	return std::accumulate(first, last, 0);
}
#endif
#ifdef USE_gcd
#include <numeric>
int use(int a, int b)
{
	return std::gcd(a, b);
}
#endif
#ifdef USE_three_way
#include <compare>
struct version {
	int major, minor;
	auto operator<=>(const version &) const = default;
};
bool use(const version &a, const version &b)
{
	return a < b;
}
#endif
#ifdef USE_pair
#include <utility>
bool use(std::pair<int, int> &a, std::pair<int, int> &b)
{
	std::swap(a, b);
	return a < b;
}
#endif
#ifdef USE_bit
#include <bit>
int use(unsigned long long x)
{
	return std::popcount(std::bit_ceil(x)) + std::countl_zero(x);
}
#endif
#ifdef USE_reverse
#include <iterator>
int use(int (&numbers)[8])
{
	int sum = 0;
	for (auto i = std::rbegin(numbers); i != std::rend(numbers); ++i)
		sum = 2 * sum + *i;
	return sum;
}
#endif
#ifdef USE_initializer_list
#include <initializer_list>
int use()
{
	int sum = 0;
	for (int x : {1, 2, 3})
		sum += outside(x);
	return sum;
}
#endif
#ifdef USE_coroutine
#include <coroutine>
void use(std::coroutine_handle<> coroutine)
{
	if (!coroutine.done())
		coroutine.resume();
}
#endif
#ifdef USE_source_location
#include <source_location>
int use()
{
	return outside(static_cast<int>(std::source_location::current().line()));
}
#endif
#ifdef USE_find_if
#include <algorithm>
const int *use(const int *first, const int *last)
{
	return std::find_if(first, last, [](int x) { return outside(x); });
}
#endif
#ifdef USE_invoke
#include <functional>
struct thing {
	int f();
};
int use(thing &x)
{
	return std::invoke(&thing::f, x);
}
#endif
#ifdef USE_atomic_wait
#include <atomic>
void use(std::atomic<int> &number)
{
	number.wait(0);
}
#endif
#ifdef USE_print
#include <cxxrt/print.hpp>
void use(int x)
{
	pr_info("%d\n", x);
}
#endif
#ifdef USE_print_ratelimited
#include <cxxrt/print.hpp>
void use(int x)
{
	pr_info_ratelimited("%d\n", x);
}
#endif
#ifdef USE_warn_on
#include <cxxrt/debug.hpp>
bool use(int x)
{
	return warn_on(x < 0);
}
#endif
#ifdef USE_try
#include <cxxrt/errno.hpp>
#include <cxxrt/try.hpp>
cxxrt::result<int> asked(int x);
cxxrt::result<int> use(int x)
{
	return 2 * CXXRT_TRY(asked(x));
}
#endif
#ifdef USE_refcounted
#include <cxxrt/refcounted.hpp>
struct session : cxxrt::refcounted<session> {
	int id = 0;
};
cxxrt::ref_ptr<session> use(const cxxrt::ref_ptr<session> &other)
{
	return other;
}
#endif
