// SPDX-License-Identifier: GPL-2.0
//
// Functions of any callable, of <functional>: function_ref refers to one, move_only_function has one.
#pragma once

#include <cxxrt/function_objects.hpp>
#include <cxxrt/precondition.hpp>
#include <cxxrt/trivial.hpp>
#include <new>

namespace cxxrt
{
// A signature taken apart: what may call it, and whether without throwing.
template <class>
struct signature;
#define CXXRT_SIGNATURE(constness, qualifier, reference, throws)                                   \
	template <class R, class... Args>                                                          \
	struct signature<R(Args...) constness qualifier noexcept(throws)> {                        \
		using plain = R(Args...);                                                          \
		static constexpr bool nothrow = throws;                                            \
		/* As the callable is called, and as it has to be callable. */                     \
		template <class F>                                                                 \
		using called = constness F reference;                                              \
		template <class F>                                                                 \
		static constexpr bool callable_as =                                                \
			throws ? std::is_nothrow_invocable_r_v<R, F, Args...>                      \
			       : std::is_invocable_r_v<R, F, Args...>;                             \
		template <class F>                                                                 \
		static constexpr bool takes =                                                      \
			callable_as<constness F qualifier> &&callable_as<constness F reference>;   \
	};
CXXRT_SIGNATURE(, , &, false)
CXXRT_SIGNATURE(, &, &, false)
CXXRT_SIGNATURE(, &&, &&, false)
CXXRT_SIGNATURE(const, , &, false)
CXXRT_SIGNATURE(const, &, &, false)
CXXRT_SIGNATURE(const, &&, &&, false)
CXXRT_SIGNATURE(, , &, true)
CXXRT_SIGNATURE(, &, &, true)
CXXRT_SIGNATURE(, &&, &&, true)
CXXRT_SIGNATURE(const, , &, true)
CXXRT_SIGNATURE(const, &, &, true)
CXXRT_SIGNATURE(const, &&, &&, true)
#undef CXXRT_SIGNATURE
} // namespace cxxrt

namespace std
{
// A function, or an object that outlives the call: two words, no allocation. Of C++26.
template <class Signature>
class function_ref;
template <class R, class... Args>
class function_ref<R(Args...)>
{
	union bound {
		void *object;
		void (*function)();
	};

public:
	template <class F>
		requires(is_function_v<F> &&is_invocable_r_v<R, F &, Args...>)
	function_ref(F *f)
	noexcept
		: call_([](bound b, Args... args) -> R {
			  return std::invoke_r<R>(reinterpret_cast<F *>(b.function),
						  std::forward<Args>(args)...);
		  })
	{
		bound_.function = reinterpret_cast<void (*)()>(f);
	}
	template <class F, class T = remove_reference_t<F>>
		requires(!is_same_v<remove_cvref_t<F>, function_ref> && !is_member_pointer_v<T> &&
			 !is_function_v<T> && !is_function_v<remove_pointer_t<T>> &&
			 is_invocable_r_v<R, T &, Args...>)
	function_ref(F &&f)
	noexcept
		: call_([](bound b, Args... args) -> R {
			  return std::invoke_r<R>(*static_cast<T *>(b.object),
						  std::forward<Args>(args)...);
		  })
	{
		bound_.object = const_cast<remove_cv_t<T> *>(std::addressof(f));
	}

	R operator()(Args... args) const { return call_(bound_, std::forward<Args>(args)...); }
	// Else it would refer to what is gone.
	template <class T>
		requires(!is_same_v<T, function_ref> && !is_pointer_v<T>)
	function_ref &operator=(T) = delete;

private:
	bound bound_;
	R (*call_)(bound, Args...);
};
template <class F>
	requires is_function_v<F> function_ref(F *)
->function_ref<F>;
} // namespace std

namespace cxxrt
{
// The callable, in place if it is two words and can be moved without fail, else on the heap.
class callable_storage
{
public:
	static constexpr size_t room = 2 * sizeof(void *);
	template <class F>
	static constexpr bool
		fits = sizeof(F) <= room &&
		       alignof(F) <= alignof(void *) && std::is_nothrow_move_constructible_v<F>;

	callable_storage() = default;
	callable_storage(callable_storage &&other) noexcept { take(other); }
	callable_storage &operator=(callable_storage &&other) noexcept
	{
		if (this != &other) {
			reset();
			take(other);
		}
		return *this;
	}
	~callable_storage() { reset(); }

	// False if there was no memory.
	template <class F, class... Args>
	bool construct(Args &&...args)
	{
		if constexpr (fits<F>) {
			::new (static_cast<void *>(bytes_)) F(std::forward<Args>(args)...);
		} else {
			F *object = new (std::nothrow) F(std::forward<Args>(args)...);
			if (!object)
				return false;
			::new (static_cast<void *>(bytes_)) F *(object);
		}
		move_ = [](callable_storage *to, callable_storage &from) {
			if constexpr (fits<F>) {
				if (to)
					::new (static_cast<void *>(to->bytes_))
						F(std::move(from.get<F>()));
				from.get<F>().~F();
			} else {
				F *object = std::addressof(from.get<F>());
				if (to)
					::new (static_cast<void *>(to->bytes_)) F *(object);
				else
					delete object;
			}
		};
		return true;
	}
	template <class F>
	F &get()
	{
		if constexpr (fits<F>)
			return *std::launder(reinterpret_cast<F *>(bytes_));
		else
			return **std::launder(reinterpret_cast<F **>(bytes_));
	}
	void reset()
	{
		if (move_)
			std::exchange(move_, nullptr)(nullptr, *this);
	}

private:
	void take(callable_storage &other)
	{
		move_ = std::exchange(other.move_, nullptr);
		if (move_)
			move_(this, other);
	}

	alignas(void *) unsigned char bytes_[room];
	// Moves the callable to a place, or destroys it if that is null.
	void (*move_)(callable_storage *to, callable_storage &from) = nullptr;
};

template <class T>
inline constexpr bool is_move_only_function = false;

template <class Signature, class Plain>
class move_only_function_base;
template <class Signature, class R, class... Args>
class move_only_function_base<Signature, R(Args...)>
{
	using type = signature<Signature>;

protected:
	move_only_function_base() = default;
	move_only_function_base(move_only_function_base &&other) noexcept
		: storage_(std::move(other.storage_)), call_(std::exchange(other.call_, nullptr))
	{
	}
	move_only_function_base &operator=(move_only_function_base &&other) noexcept
	{
		call_ = std::exchange(other.call_, nullptr);
		storage_ = std::move(other.storage_);
		return *this;
	}

	template <class F, class... From>
	static constexpr bool nothrow = callable_storage::fits<std::decay_t<F>>
		&&std::is_nothrow_constructible_v<std::decay_t<F>, From...>;

	template <class F, class... From>
	void emplace(From &&...from)
	{
		if (!storage_.construct<F>(std::forward<From>(from)...))
			return;
		call_ = [](callable_storage &storage, Args... args) -> R {
			using called = typename type::template called<F>;
			return std::invoke_r<R>(static_cast<called>(storage.get<F>()),
						std::forward<Args>(args)...);
		};
	}
	R call(Args... args) const
	{
		precondition(call_);
		return call_(storage_, std::forward<Args>(args)...);
	}
	void reset()
	{
		call_ = nullptr;
		storage_.reset();
	}
	[[nodiscard]] bool has_callable() const { return call_; }

private:
	mutable callable_storage storage_;
	R (*call_)(callable_storage &, Args...) = nullptr;
};
} // namespace cxxrt

namespace std
{
template <class... Signature>
class move_only_function;
} // namespace std

// There is one class for each qualifier of the call. A move_only_function is empty after a failed allocation, where the
// standard's throws: test it.
#define CXXRT_MOVE_ONLY_FUNCTION(qualifiers)                                                       \
	template <class R, class... Args>                                                          \
	class std::move_only_function<R(Args...) qualifiers>                                       \
		: cxxrt::move_only_function_base<R(Args...) qualifiers, R(Args...)>                \
	{                                                                                          \
		using base = cxxrt::move_only_function_base<R(Args...) qualifiers, R(Args...)>;    \
		using signature = cxxrt::signature<R(Args...) qualifiers>;                         \
                                                                                                   \
	public:                                                                                    \
		using result_type = R;                                                             \
                                                                                                   \
		move_only_function() noexcept = default;                                           \
		move_only_function(nullptr_t) noexcept {}                                          \
		move_only_function(move_only_function &&) noexcept = default;                      \
		template <class F>                                                                 \
			requires(!is_same_v<remove_cvref_t<F>, move_only_function> &&              \
				 !cxxrt::is_specialization<remove_cvref_t<F>, in_place_type_t> &&  \
				 signature::template takes<decay_t<F>>)                            \
		move_only_function(F &&f)                                                          \
		noexcept(base::template nothrow<F, F>)                                             \
		{                                                                                  \
			if constexpr (is_pointer_v<decay_t<F>> ||                                  \
				      is_member_pointer_v<decay_t<F>> ||                           \
				      cxxrt::is_specialization<remove_cvref_t<F>,                  \
							       std::move_only_function>) {         \
				if (f == nullptr)                                                  \
					return;                                                    \
			}                                                                          \
			base::template emplace<decay_t<F>>(std::forward<F>(f));                    \
		}                                                                                  \
		template <class F, class... From>                                                  \
			requires(is_constructible_v<F, From...> && signature::template takes<F>)   \
		explicit move_only_function(in_place_type_t<F>, From &&...from) noexcept(          \
			base::template nothrow<F, From...>)                                        \
		{                                                                                  \
			base::template emplace<F>(std::forward<From>(from)...);                    \
		}                                                                                  \
		template <class F, class U, class... From>                                         \
			requires(is_constructible_v<F, initializer_list<U> &, From...> &&          \
				 signature::template takes<F>)                                     \
		explicit move_only_function(in_place_type_t<F>, initializer_list<U> list,          \
					    From &&...from)                                        \
		{                                                                                  \
			base::template emplace<F>(list, std::forward<From>(from)...);              \
		}                                                                                  \
		move_only_function &operator=(move_only_function &&) noexcept = default;           \
		move_only_function &operator=(nullptr_t) noexcept                                  \
		{                                                                                  \
			base::reset();                                                             \
			return *this;                                                              \
		}                                                                                  \
		template <class F>                                                                 \
		requires is_constructible_v<move_only_function, F> move_only_function &            \
		operator=(F &&f)                                                                   \
		{                                                                                  \
			return *this = move_only_function(std::forward<F>(f));                     \
		}                                                                                  \
                                                                                                   \
		explicit operator bool() const noexcept { return base::has_callable(); }           \
		R operator()(Args... args) qualifiers                                              \
		{                                                                                  \
			return base::call(std::forward<Args>(args)...);                            \
		}                                                                                  \
		void swap(move_only_function &other) noexcept                                      \
		{                                                                                  \
			move_only_function old = std::move(*this);                                 \
			*this = std::move(other);                                                  \
			other = std::move(old);                                                    \
		}                                                                                  \
		friend void swap(move_only_function &a, move_only_function &b) noexcept            \
		{                                                                                  \
			a.swap(b);                                                                 \
		}                                                                                  \
		friend bool operator==(const move_only_function &f, nullptr_t) noexcept            \
		{                                                                                  \
			return !f;                                                                 \
		}                                                                                  \
	};
#define CXXRT_NOTHING
CXXRT_MOVE_ONLY_FUNCTION(CXXRT_NOTHING)
CXXRT_MOVE_ONLY_FUNCTION(&)
CXXRT_MOVE_ONLY_FUNCTION(&&)
CXXRT_MOVE_ONLY_FUNCTION(const)
CXXRT_MOVE_ONLY_FUNCTION(const &)
CXXRT_MOVE_ONLY_FUNCTION(const &&)
CXXRT_MOVE_ONLY_FUNCTION(noexcept)
CXXRT_MOVE_ONLY_FUNCTION(&noexcept)
CXXRT_MOVE_ONLY_FUNCTION(&&noexcept)
CXXRT_MOVE_ONLY_FUNCTION(const noexcept)
CXXRT_MOVE_ONLY_FUNCTION(const &noexcept)
CXXRT_MOVE_ONLY_FUNCTION(const &&noexcept)
#undef CXXRT_NOTHING
#undef CXXRT_MOVE_ONLY_FUNCTION
