// SPDX-License-Identifier: GPL-2.0
//
// The members of an atomic as functions, as C has them; of <atomic>.
#pragma once

namespace std
{
#define CXXRT_EACH(macro) macro() macro(volatile)
#define CXXRT_ATOMIC(qualifier)                                                                    \
	template <class T>                                                                         \
	bool atomic_is_lock_free(const qualifier atomic<T> *a) noexcept                            \
	{                                                                                          \
		return a->is_lock_free();                                                          \
	}                                                                                          \
	template <class T>                                                                         \
	T atomic_load(const qualifier atomic<T> *a) noexcept                                       \
	{                                                                                          \
		return a->load();                                                                  \
	}                                                                                          \
	template <class T>                                                                         \
	T atomic_load_explicit(const qualifier atomic<T> *a, memory_order order) noexcept          \
	{                                                                                          \
		return a->load(order);                                                             \
	}                                                                                          \
	template <class T>                                                                         \
	void atomic_init(qualifier atomic<T> *a, typename atomic<T>::value_type value) noexcept    \
	{                                                                                          \
		a->store(value, memory_order::relaxed);                                            \
	}                                                                                          \
	template <class T>                                                                         \
	void atomic_store(qualifier atomic<T> *a, typename atomic<T>::value_type value) noexcept   \
	{                                                                                          \
		a->store(value);                                                                   \
	}                                                                                          \
	template <class T>                                                                         \
	void atomic_store_explicit(qualifier atomic<T> *a, typename atomic<T>::value_type value,   \
				   memory_order order) noexcept                                    \
	{                                                                                          \
		a->store(value, order);                                                            \
	}                                                                                          \
	template <class T>                                                                         \
	T atomic_exchange(qualifier atomic<T> *a, typename atomic<T>::value_type value) noexcept   \
	{                                                                                          \
		return a->exchange(value);                                                         \
	}                                                                                          \
	template <class T>                                                                         \
	T atomic_exchange_explicit(qualifier atomic<T> *a, typename atomic<T>::value_type value,   \
				   memory_order order) noexcept                                    \
	{                                                                                          \
		return a->exchange(value, order);                                                  \
	}                                                                                          \
	template <class T>                                                                         \
	void atomic_wait(const qualifier atomic<T> *a,                                             \
			 typename atomic<T>::value_type old) noexcept                              \
	{                                                                                          \
		a->wait(old);                                                                      \
	}                                                                                          \
	template <class T>                                                                         \
	void atomic_wait_explicit(const qualifier atomic<T> *a,                                    \
				  typename atomic<T>::value_type old, memory_order order) noexcept \
	{                                                                                          \
		a->wait(old, order);                                                               \
	}                                                                                          \
	template <class T>                                                                         \
	void atomic_notify_one(qualifier atomic<T> *a) noexcept                                    \
	{                                                                                          \
		a->notify_one();                                                                   \
	}                                                                                          \
	template <class T>                                                                         \
	void atomic_notify_all(qualifier atomic<T> *a) noexcept                                    \
	{                                                                                          \
		a->notify_all();                                                                   \
	}                                                                                          \
	inline bool atomic_flag_test(const qualifier atomic_flag *a) noexcept                      \
	{                                                                                          \
		return a->test();                                                                  \
	}                                                                                          \
	inline bool atomic_flag_test_explicit(const qualifier atomic_flag *a,                      \
					      memory_order order) noexcept                         \
	{                                                                                          \
		return a->test(order);                                                             \
	}                                                                                          \
	inline bool atomic_flag_test_and_set(qualifier atomic_flag *a) noexcept                    \
	{                                                                                          \
		return a->test_and_set();                                                          \
	}                                                                                          \
	inline bool atomic_flag_test_and_set_explicit(qualifier atomic_flag *a,                    \
						      memory_order order) noexcept                 \
	{                                                                                          \
		return a->test_and_set(order);                                                     \
	}                                                                                          \
	inline void atomic_flag_clear(qualifier atomic_flag *a) noexcept                           \
	{                                                                                          \
		a->clear();                                                                        \
	}                                                                                          \
	inline void atomic_flag_clear_explicit(qualifier atomic_flag *a,                           \
					       memory_order order) noexcept                        \
	{                                                                                          \
		a->clear(order);                                                                   \
	}
CXXRT_EACH(CXXRT_ATOMIC)
#undef CXXRT_ATOMIC

#define CXXRT_ATOMIC_COMPARE(qualifier, name)                                                      \
	template <class T>                                                                         \
	bool atomic_##name(qualifier atomic<T> *a, typename atomic<T>::value_type *expected,       \
			   typename atomic<T>::value_type desired) noexcept                        \
	{                                                                                          \
		return a->name(*expected, desired);                                                \
	}                                                                                          \
	template <class T>                                                                         \
	bool atomic_##name##_explicit(qualifier atomic<T> *a,                                      \
				      typename atomic<T>::value_type *expected,                    \
				      typename atomic<T>::value_type desired,                      \
				      memory_order success, memory_order failure) noexcept         \
	{                                                                                          \
		return a->name(*expected, desired, success, failure);                              \
	}
#define CXXRT_ATOMIC_FETCH(qualifier, name)                                                        \
	template <class T>                                                                         \
	T atomic_##name(qualifier atomic<T> *a, typename atomic<T>::difference_type n) noexcept    \
	{                                                                                          \
		return a->name(n);                                                                 \
	}                                                                                          \
	template <class T>                                                                         \
	T atomic_##name##_explicit(qualifier atomic<T> *a, typename atomic<T>::difference_type n,  \
				   memory_order order) noexcept                                    \
	{                                                                                          \
		return a->name(n, order);                                                          \
	}
#define CXXRT_ATOMIC(qualifier)                                                                    \
	CXXRT_ATOMIC_COMPARE(qualifier, compare_exchange_weak)                                     \
	CXXRT_ATOMIC_COMPARE(qualifier, compare_exchange_strong)                                   \
	CXXRT_ATOMIC_FETCH(qualifier, fetch_add)                                                   \
	CXXRT_ATOMIC_FETCH(qualifier, fetch_sub)                                                   \
	CXXRT_ATOMIC_FETCH(qualifier, fetch_and)                                                   \
	CXXRT_ATOMIC_FETCH(qualifier, fetch_or)                                                    \
	CXXRT_ATOMIC_FETCH(qualifier, fetch_xor)
CXXRT_EACH(CXXRT_ATOMIC)
#undef CXXRT_ATOMIC
#undef CXXRT_ATOMIC_FETCH
#undef CXXRT_ATOMIC_COMPARE
#undef CXXRT_EACH

inline void atomic_flag_wait(const atomic_flag *a, bool old) noexcept
{
	a->wait(old);
}
inline void atomic_flag_wait_explicit(const atomic_flag *a, bool old, memory_order order) noexcept
{
	a->wait(old, order);
}
inline void atomic_flag_notify_one(atomic_flag *a) noexcept
{
	a->notify_one();
}
inline void atomic_flag_notify_all(atomic_flag *a) noexcept
{
	a->notify_all();
}
} // namespace std
