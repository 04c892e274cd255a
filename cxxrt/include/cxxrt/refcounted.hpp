// SPDX-License-Identifier: GPL-2.0
//
// Objects that count their references, by the kernel's refcount_t:
//
//	struct session : cxxrt::refcounted<session> {
//		int id = 0;
//	};
//	inline cxxrt::ref_ptr<session> open_session(int id)
//	{
//		auto made = cxxrt::make_refcounted<session>();
//		if (made) // null: there is no memory
//			made->id = id;
//		return made;
//	}
//
// The last reference that goes deletes the object. If a count overflows, or rises from 0, the kernel warns and
// the object leaks, so that nobody uses freed memory. The header takes $(cxxrt-kernel-objs).
#pragma once

#include <compare>
#include <cxxrt/kernel_words.hpp>
#include <new>
#include <utility>

namespace cxxrt
{
template <class T>
class ref_ptr;

// The base of a class whose objects count their references; T is that class. An object begins with one reference.
// Lifetime: until the last ref_ptr to it goes. Wraps refcount_t.
template <class T>
class refcounted
{
public:
	refcounted(const refcounted &) = delete;
	refcounted &operator=(const refcounted &) = delete;

	// How many references there are just now. Context: any.
	[[nodiscard]] unsigned int use_count() const { return cxxrt_refcount_read(&count_); }

protected:
	refcounted() { cxxrt_refcount_set(&count_, 1); }
	~refcounted() = default;

private:
	friend ref_ptr<T>;

	int count_;
};

// One reference to an object, or none. Lifetime: a value; it keeps its object. Context: of copies, any; of a call
// that may drop the last reference, a context in which the object's destructor may run. Wraps refcount_inc() and
// refcount_dec_and_test().
template <class T>
class ref_ptr
{
public:
	using element_type = T;

	constexpr ref_ptr() noexcept = default;
	// Refers to nothing.
	constexpr ref_ptr(std::nullptr_t) noexcept {}
	// Adds a reference to the other one's object.
	ref_ptr(const ref_ptr &other) noexcept : pointer_(other.pointer_)
	{
		if (pointer_)
			cxxrt_refcount_inc(count());
	}
	// Takes the other one's reference over.
	constexpr ref_ptr(ref_ptr &&other) noexcept
		: pointer_(std::exchange(other.pointer_, nullptr))
	{
	}
	// Drops the reference.
	~ref_ptr() { reset(); }
	// Drops the reference, and takes another one over.
	ref_ptr &operator=(ref_ptr other) noexcept
	{
		std::swap(pointer_, other.pointer_);
		return *this;
	}

	// Takes over a reference that is counted already, as one that release() gave away.
	[[nodiscard]] static ref_ptr adopt(T *p) noexcept
	{
		ref_ptr made;
		made.pointer_ = p;
		return made;
	}
	// Adds a reference unless the object has none left, and gives null then. The caller keeps the object's memory
	// from being freed meanwhile, for example by RCU. Wraps refcount_inc_not_zero().
	[[nodiscard]] static ref_ptr get_unless_zero(T *p) noexcept
	{
		return adopt(p && cxxrt_refcount_inc_not_zero(&p->refcounted<T>::count_) ? p
											 : nullptr);
	}
	// Gives the reference away, uncounted. adopt() takes it back.
	[[nodiscard]] T *release() noexcept { return std::exchange(pointer_, nullptr); }

	// Drops the reference; the last one deletes the object.
	void reset() noexcept
	{
		T *const old = std::exchange(pointer_, nullptr);
		if (old && cxxrt_refcount_dec_and_test(&old->refcounted<T>::count_))
			delete old;
	}

	// The object, or null.
	[[nodiscard]] T *get() const noexcept { return pointer_; }
	T &operator*() const noexcept { return *pointer_; }
	T *operator->() const noexcept { return pointer_; }
	explicit operator bool() const noexcept { return pointer_; }
	friend bool operator==(const ref_ptr &, const ref_ptr &) = default;
	friend bool operator==(const ref_ptr &p, std::nullptr_t) { return !p.pointer_; }

private:
	int *count() const { return &pointer_->refcounted<T>::count_; }

	T *pointer_ = nullptr;
};

// Makes an object and the first reference to it; null if there is no memory. Context: may sleep. Implemented with
// kmalloc().
template <class T, class... Args>
[[nodiscard]] ref_ptr<T> make_refcounted(Args &&...args)
{
	return ref_ptr<T>::adopt(new (std::nothrow) T(std::forward<Args>(args)...));
}
} // namespace cxxrt
