// SPDX-License-Identifier: GPL-2.0
//
// unique_ptr, of <memory>.
#pragma once

#include <cxxrt/pointers.hpp>

namespace cxxrt
{
// The pointer type that a deleter names, or T *.
template <class T, class D>
struct deleter_pointer : std::type_identity<T *> {
};
template <class T, class D>
	requires requires
	{
		typename std::remove_reference_t<D>::pointer;
	}
struct deleter_pointer<T, D> : std::type_identity<typename std::remove_reference_t<D>::pointer> {
};
} // namespace cxxrt

namespace std
{
template <class T>
struct default_delete {
	constexpr default_delete() noexcept = default;
	template <class U>
		requires is_convertible_v<U *, T *>
	constexpr default_delete(const default_delete<U> &) noexcept {}
	constexpr void operator()(T *p) const
	{
		static_assert(!is_void_v<T>, "void cannot be deleted");
		static_assert(sizeof(T) > 0, "an incomplete type cannot be deleted");
		delete p;
	}
};

template <class T>
struct default_delete<T[]> {
	constexpr default_delete() noexcept = default;
	template <class U>
		requires is_convertible_v<U (*)[], T (*)[]>
	constexpr default_delete(const default_delete<U[]> &) noexcept {}
	// Arrays of derived classes are refused, because their elements have another size.
	template <class U>
		requires is_convertible_v<U (*)[], T (*)[]>
	constexpr void operator()(U *p) const
	{
		static_assert(sizeof(U) > 0, "an incomplete type cannot be deleted");
		delete[] p;
	}
};

// Owns an object, or with T[] an array.
template <class T, class D = default_delete<T>>
class unique_ptr
{
public:
	using element_type = remove_extent_t<T>;
	using pointer = typename cxxrt::deleter_pointer<element_type, D>::type;
	using deleter_type = D;

private:
	// A function pointer must be given.
	static constexpr bool default_deleter = is_default_constructible_v<D> && !is_pointer_v<D>;
	// True if a unique_ptr<T> may own a U. It may not own an array of a derived class, whose elements have another size.
	template <class U>
	static constexpr bool takes =
		!is_array_v<T>
			? is_convertible_v<U, pointer>
			: is_same_v<U, pointer> || is_null_pointer_v<U> ||
				  (is_same_v<pointer, element_type *> && is_pointer_v<U> &&
				   is_convertible_v<remove_pointer_t<U> (*)[], element_type (*)[]>);
	template <class U, class E>
	static constexpr bool takes_other =
		is_array_v<U> == is_array_v<T> &&takes<typename unique_ptr<U, E>::pointer> &&
		(!is_array_v<T> || is_same_v<typename unique_ptr<U, E>::pointer,
					     typename unique_ptr<U, E>::element_type *>);

public:
	constexpr unique_ptr() noexcept requires default_deleter {}
	constexpr unique_ptr(nullptr_t) noexcept requires default_deleter {}
	template <class U>
		requires(default_deleter &&is_array_v<T> &&takes<U> && !is_null_pointer_v<U>)
	explicit constexpr unique_ptr(U p) noexcept : pointer_(p) {}
	explicit constexpr unique_ptr(pointer p) noexcept
		requires(default_deleter && !is_array_v<T>)
		: pointer_(p)
	{
	}
	// A deleter that is a reference is not bound to a temporary.
	template <class U>
		requires(is_array_v<T> &&takes<U> &&is_copy_constructible_v<D>)
	constexpr unique_ptr(U p, const D &deleter) noexcept : pointer_(p), deleter_(deleter) {}
	constexpr unique_ptr(pointer p, const D &deleter) noexcept
		requires(!is_array_v<T> && is_copy_constructible_v<D>)
		: pointer_(p), deleter_(deleter)
	{
	}
	template <class U>
		requires(is_array_v<T> &&takes<U> && !is_reference_v<D> &&
			 is_move_constructible_v<D>)
	constexpr unique_ptr(U p, D &&deleter) noexcept : pointer_(p), deleter_(std::move(deleter))
	{
	}
	constexpr unique_ptr(pointer p, D &&deleter) noexcept
		requires(!is_array_v<T> && !is_reference_v<D> && is_move_constructible_v<D>)
		: pointer_(p), deleter_(std::move(deleter))
	{
	}
	template <class U>
		requires(takes<U> &&is_reference_v<D>)
	unique_ptr(U p, remove_reference_t<D> &&deleter)
	= delete;
	constexpr unique_ptr(unique_ptr &&other) noexcept requires is_move_constructible_v<D>
		: pointer_(other.release()), deleter_(std::forward<D>(other.get_deleter()))
	{
	}
	template <class U, class E>
		requires(takes_other<U, E> &&
			 (is_reference_v<D> ? is_same_v<E, D> : is_convertible_v<E, D>))
	constexpr unique_ptr(unique_ptr<U, E> &&other) noexcept
		: pointer_(other.release()), deleter_(std::forward<E>(other.get_deleter()))
	{
	}
	unique_ptr(const unique_ptr &) = delete;
	constexpr ~unique_ptr()
	{
		if (pointer_ != nullptr)
			deleter_(std::move(pointer_));
	}

	constexpr unique_ptr &
	operator=(unique_ptr &&other) noexcept requires is_move_assignable_v<D>
	{
		reset(other.release());
		deleter_ = std::forward<D>(other.get_deleter());
		return *this;
	}
	template <class U, class E>
		requires(takes_other<U, E> &&is_assignable_v<D &, E>)
	constexpr unique_ptr &operator=(unique_ptr<U, E> &&other) noexcept
	{
		reset(other.release());
		deleter_ = std::forward<E>(other.get_deleter());
		return *this;
	}
	constexpr unique_ptr &operator=(nullptr_t) noexcept
	{
		reset();
		return *this;
	}
	unique_ptr &operator=(const unique_ptr &) = delete;

	[[nodiscard]] constexpr pointer release() noexcept
	{
		return std::exchange(pointer_, pointer());
	}
	// The old object goes last, as its destructor may look at this pointer.
	constexpr void reset(pointer p = pointer()) noexcept requires(!is_array_v<T>)
	{
		replace(p);
	}
	template <class U>
		requires(is_array_v<T> &&takes<U>)
	constexpr void reset(U p) noexcept { replace(p); }
	constexpr void reset(nullptr_t = nullptr) noexcept requires is_array_v<T>
	{
		replace(pointer());
	}
	constexpr void swap(unique_ptr &other) noexcept
	{
		cxxrt_swap::do_swap(pointer_, other.pointer_);
		cxxrt_swap::do_swap(deleter_, other.deleter_);
	}

	[[nodiscard]] constexpr pointer get() const noexcept { return pointer_; }
	[[nodiscard]] constexpr D &get_deleter() noexcept { return deleter_; }
	[[nodiscard]] constexpr const D &get_deleter() const noexcept { return deleter_; }
	explicit constexpr operator bool() const noexcept { return pointer_ != nullptr; }
	constexpr add_lvalue_reference_t<element_type> operator*() const
		noexcept(noexcept(*declval<pointer>())) requires(!is_array_v<T>)
	{
		return *pointer_;
	}
	constexpr pointer operator->() const noexcept requires(!is_array_v<T>) { return pointer_; }
	constexpr add_lvalue_reference_t<element_type>
	operator[](size_t i) const requires is_array_v<T>
	{
		return pointer_[i];
	}

private:
	constexpr void replace(pointer p) noexcept
	{
		if (pointer old = std::exchange(pointer_, p); old != nullptr)
			deleter_(std::move(old));
	}

	pointer pointer_{};
	[[no_unique_address]] D deleter_{};
};

template <class T, class D>
	requires is_swappable_v<D>
constexpr void swap(unique_ptr<T, D> &a, unique_ptr<T, D> &b) noexcept
{
	a.swap(b);
}
template <class T, class D>
	requires(!is_swappable_v<D>)
void swap(unique_ptr<T, D> &, unique_ptr<T, D> &) = delete;

template <class T, class D, class U, class E>
[[nodiscard]] constexpr bool operator==(const unique_ptr<T, D> &a, const unique_ptr<U, E> &b)
{
	return a.get() == b.get();
}
template <class T, class D>
[[nodiscard]] constexpr bool operator==(const unique_ptr<T, D> &p, nullptr_t) noexcept
{
	return !p;
}
#define CXXRT_COMPARE(op, ...)                                                                     \
	template <class T, class D, class U, class E>                                              \
	[[nodiscard]] constexpr bool operator op(const unique_ptr<T, D> &a,                        \
						 const unique_ptr<U, E> &b)                        \
	{                                                                                          \
		using common = common_type_t<typename unique_ptr<T, D>::pointer,                   \
					     typename unique_ptr<U, E>::pointer>;                  \
		const common x = a.get(), y = b.get();                                             \
		return __VA_ARGS__;                                                                \
	}                                                                                          \
	template <class T, class D>                                                                \
	[[nodiscard]] constexpr bool operator op(const unique_ptr<T, D> &a, nullptr_t)             \
	{                                                                                          \
		const typename unique_ptr<T, D>::pointer x = a.get(), y = nullptr;                 \
		return __VA_ARGS__;                                                                \
	}                                                                                          \
	template <class T, class D>                                                                \
	[[nodiscard]] constexpr bool operator op(nullptr_t, const unique_ptr<T, D> &b)             \
	{                                                                                          \
		const typename unique_ptr<T, D>::pointer x = nullptr, y = b.get();                 \
		return __VA_ARGS__;                                                                \
	}
CXXRT_COMPARE(<, x < y)
CXXRT_COMPARE(>, y < x)
CXXRT_COMPARE(<=, !(y < x))
CXXRT_COMPARE(>=, !(x < y))
#undef CXXRT_COMPARE
template <class T, class D, class U, class E>
	requires three_way_comparable_with < typename unique_ptr<T, D>::pointer,
typename unique_ptr<U, E>::pointer >
	[[nodiscard]] constexpr auto operator<=>(const unique_ptr<T, D> &a,
						 const unique_ptr<U, E> &b)
{
	return compare_three_way()(a.get(), b.get());
}
template <class T, class D>
	requires three_way_comparable<typename unique_ptr<T, D>::pointer>
[[nodiscard]] constexpr auto operator<=>(const unique_ptr<T, D> &p, nullptr_t)
{
	return compare_three_way()(p.get(),
				   static_cast<typename unique_ptr<T, D>::pointer>(nullptr));
}

// Null when there is no memory, where the standard's would throw. May sleep.
template <class T, class... Args>
	requires(!is_array_v<T>)
[[nodiscard]] unique_ptr<T> make_unique(Args &&...args)
{
	return unique_ptr<T>(new (nothrow) T(std::forward<Args>(args)...));
}
template <class T>
	requires is_unbounded_array_v<T>
[[nodiscard]] unique_ptr<T> make_unique(size_t count)
{
	return unique_ptr<T>(new (nothrow) remove_extent_t<T>[count]());
}
template <class T, class... Args>
	requires is_bounded_array_v<T>
void make_unique(Args &&...) = delete;

// Allocates and default-initializes: an object of a built-in type is not zeroed.
template <class T>
	requires(!is_array_v<T>)
[[nodiscard]] unique_ptr<T> make_unique_for_overwrite()
{
	return unique_ptr<T>(new (nothrow) T);
}
template <class T>
	requires is_unbounded_array_v<T>
[[nodiscard]] unique_ptr<T> make_unique_for_overwrite(size_t count)
{
	return unique_ptr<T>(new (nothrow) remove_extent_t<T>[count]);
}
template <class T, class... Args>
	requires is_bounded_array_v<T>
void make_unique_for_overwrite(Args &&...) = delete;
} // namespace std
