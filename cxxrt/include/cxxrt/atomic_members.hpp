// SPDX-License-Identifier: GPL-2.0
//
// The members that atomic, volatile atomic and atomic_ref share, of <atomic>.
#pragma once

#include <cxxrt/wait.hpp>

namespace std
{
enum class memory_order : int {
	relaxed = __ATOMIC_RELAXED,
	consume = __ATOMIC_CONSUME,
	acquire = __ATOMIC_ACQUIRE,
	release = __ATOMIC_RELEASE,
	acq_rel = __ATOMIC_ACQ_REL,
	seq_cst = __ATOMIC_SEQ_CST,
};
inline constexpr memory_order memory_order_relaxed = memory_order::relaxed;
inline constexpr memory_order memory_order_consume = memory_order::consume;
inline constexpr memory_order memory_order_acquire = memory_order::acquire;
inline constexpr memory_order memory_order_release = memory_order::release;
inline constexpr memory_order memory_order_acq_rel = memory_order::acq_rel;
inline constexpr memory_order memory_order_seq_cst = memory_order::seq_cst;
} // namespace std

namespace cxxrt
{
template <class T>
concept atomic_integer = std::is_integral_v<T> && !std::is_same_v<T, bool>;
template <class T>
concept atomic_pointer = std::is_pointer_v<T> && std::is_object_v<std::remove_pointer_t<T>>;
template <class T>
using atomic_difference = std::conditional_t<std::is_pointer_v<T>, std::ptrdiff_t, T>;
// Elements of a pointer are many bytes, and the compiler's functions add bytes.
template <class T>
constexpr auto atomic_step(atomic_difference<T> n)
{
	if constexpr (std::is_pointer_v<T>)
		return n * static_cast<std::ptrdiff_t>(sizeof(std::remove_pointer_t<T>));
	else
		return n;
}
constexpr std::memory_order order_on_failure(std::memory_order order)
{
	return order == std::memory_order::acq_rel   ? std::memory_order::acquire
	       : order == std::memory_order::release ? std::memory_order::relaxed
						     : order;
}
// Bit by bit, as a compare_exchange compares.
template <class T>
bool same_bits(const T &a, const T &b)
{
	return !__builtin_memcmp(__builtin_addressof(a), __builtin_addressof(b), sizeof(T));
}
} // namespace cxxrt

#define CXXRT_ATOMIC_READ(qualifier, address)                                                      \
	T load(std::memory_order order = std::memory_order::seq_cst) qualifier noexcept            \
	{                                                                                          \
		alignas(T) unsigned char bytes[sizeof(T)];                                         \
		T *value = reinterpret_cast<T *>(bytes);                                           \
		__atomic_load(address, value, static_cast<int>(order));                            \
		return *value;                                                                     \
	}                                                                                          \
	operator T() qualifier noexcept                                                            \
	{                                                                                          \
		return load();                                                                     \
	}                                                                                          \
	bool is_lock_free() qualifier noexcept                                                     \
	{                                                                                          \
		return true;                                                                       \
	}                                                                                          \
	void wait(T old, std::memory_order order = std::memory_order::seq_cst) qualifier noexcept  \
	{                                                                                          \
		const auto changed = [&] { return !cxxrt::same_bits(load(order), old); };          \
		cxxrt::wait_for_change(const_cast<const T *>(address), changed);                   \
	}

#define CXXRT_ATOMIC_FETCH(qualifier, address, concept_, name, op, step)                           \
	T fetch_##name(difference_type n, std::memory_order order = std::memory_order::seq_cst)    \
		qualifier noexcept requires(concept_)                                              \
	{                                                                                          \
		return __atomic_fetch_##name(address, step, static_cast<int>(order));              \
	}                                                                                          \
	T operator op(difference_type n) qualifier noexcept requires(concept_)                     \
	{                                                                                          \
		return __atomic_##name##_fetch(address, step, __ATOMIC_SEQ_CST);                   \
	}
#define CXXRT_ATOMIC_STEP(qualifier, address, op, name)                                            \
	T operator op()                                                                            \
		qualifier noexcept requires(cxxrt::atomic_integer<T> || cxxrt::atomic_pointer<T>)  \
	{                                                                                          \
		return __atomic_##name##_fetch(address, cxxrt::atomic_step<T>(1),                  \
					       __ATOMIC_SEQ_CST);                                  \
	}                                                                                          \
	T operator op(int)                                                                         \
		qualifier noexcept requires(cxxrt::atomic_integer<T> || cxxrt::atomic_pointer<T>)  \
	{                                                                                          \
		return __atomic_fetch_##name(address, cxxrt::atomic_step<T>(1), __ATOMIC_SEQ_CST); \
	}
#define CXXRT_ATOMIC_COMPARE(qualifier, address, name, weak)                                       \
	bool name(T &expected, T desired, std::memory_order success, std::memory_order failure)    \
		qualifier noexcept                                                                 \
	{                                                                                          \
		return __atomic_compare_exchange(                                                  \
			address, __builtin_addressof(expected), __builtin_addressof(desired),      \
			weak, static_cast<int>(success), static_cast<int>(failure));               \
	}                                                                                          \
	bool name(T &expected, T desired, std::memory_order order = std::memory_order::seq_cst)    \
		qualifier noexcept                                                                 \
	{                                                                                          \
		return name(expected, desired, order, cxxrt::order_on_failure(order));             \
	}

#define CXXRT_ATOMIC_WRITE(qualifier, address)                                                     \
	void store(T value, std::memory_order order = std::memory_order::seq_cst)                  \
		qualifier noexcept                                                                 \
	{                                                                                          \
		__atomic_store(address, __builtin_addressof(value), static_cast<int>(order));      \
	}                                                                                          \
	T operator=(T value) qualifier noexcept                                                    \
	{                                                                                          \
		store(value);                                                                      \
		return value;                                                                      \
	}                                                                                          \
	T exchange(T value, std::memory_order order = std::memory_order::seq_cst)                  \
		qualifier noexcept                                                                 \
	{                                                                                          \
		alignas(T) unsigned char bytes[sizeof(T)];                                         \
		T *old = reinterpret_cast<T *>(bytes);                                             \
		__atomic_exchange(address, __builtin_addressof(value), old,                        \
				  static_cast<int>(order));                                        \
		return *old;                                                                       \
	}                                                                                          \
	CXXRT_ATOMIC_COMPARE(qualifier, address, compare_exchange_strong, false)                   \
	CXXRT_ATOMIC_COMPARE(qualifier, address, compare_exchange_weak, true)                      \
	CXXRT_ATOMIC_FETCH(qualifier, address,                                                     \
			   cxxrt::atomic_integer<T> || cxxrt::atomic_pointer<T>, add, +=,          \
			   cxxrt::atomic_step<T>(n))                                               \
	CXXRT_ATOMIC_FETCH(qualifier, address,                                                     \
			   cxxrt::atomic_integer<T> || cxxrt::atomic_pointer<T>, sub, -=,          \
			   cxxrt::atomic_step<T>(n))                                               \
	CXXRT_ATOMIC_FETCH(qualifier, address, cxxrt::atomic_integer<T>, and, &=, n)               \
	CXXRT_ATOMIC_FETCH(qualifier, address, cxxrt::atomic_integer<T>, or, |=, n)                \
	CXXRT_ATOMIC_FETCH(qualifier, address, cxxrt::atomic_integer<T>, xor, ^=, n)               \
	CXXRT_ATOMIC_STEP(qualifier, address, ++, add)                                             \
	CXXRT_ATOMIC_STEP(qualifier, address, --, sub)                                             \
	void notify_one() qualifier noexcept                                                       \
	{                                                                                          \
		cxxrt_wake_var(const_cast<const T *>(address));                                    \
	}                                                                                          \
	void notify_all() qualifier noexcept                                                       \
	{                                                                                          \
		cxxrt_wake_var(const_cast<const T *>(address));                                    \
	}
