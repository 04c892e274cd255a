// SPDX-License-Identifier: GPL-2.0
//
// A std::vector whose growth returns an error instead of throwing:
//
//	cxxrt::result<int> sum_of_squares(int n)
//	{
//		cxxrt::vector<int> squares;
//		for (int i = 0; i < n; ++i) {
//			if (auto pushed = squares.push_back(i * i); !pushed)
//				return std::unexpected(pushed.error());
//		}
//		return std::accumulate(squares.begin(), squares.end(), 0);
//	}
//
// The names are std::vector's. A function that allocates returns a result; try_clone() is the only copy. A bad
// index traps. Insertion and removal in the middle are left out: std::rotate() and std::remove() do that on a
// span.
#pragma once

#include <cxxrt/errno.hpp>
#include <cxxrt/gfp.hpp>
#include <cxxrt/precondition.hpp>
#include <memory>
#include <span>

namespace cxxrt
{
// Elements in one block of memory, which moves as it grows. Lifetime: any. Context: as the elements' functions
// allow; of a function that allocates, may sleep, unless the constructor was given another cxxrt::gfp. Implemented
// with kmalloc() and kfree().
template <class T>
class vector
{
	static_assert(std::is_nothrow_move_constructible_v<T>, "growing moves the elements");

public:
	using value_type = T;
	using size_type = size_t;
	using iterator = T *;
	using const_iterator = const T *;

	constexpr vector() = default;
	// Empty; it allocates with these flags.
	explicit constexpr vector(gfp flags) : flags_(flags) {}
	// Takes the elements of another, which is empty then.
	vector(vector &&other) noexcept
		: data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)),
		  capacity_(std::exchange(other.capacity_, 0)), flags_(other.flags_)
	{
	}
	// Destroys its elements, and takes those of another, which is empty then.
	vector &operator=(vector &&other) noexcept
	{
		vector old(std::move(*this));
		swap(other);
		return *this;
	}
	// Destroys the elements and frees their memory.
	~vector()
	{
		clear();
		free(data_);
	}

	// Constructs an element of args at the end. Errors: ENOMEM; nothing has changed then.
	template <class... Args>
	result<T *> emplace_back(Args &&...args)
	{
		if (size_ < capacity_)
			return append(std::forward<Args>(args)...);
		const size_t capacity = capacity_ < 4 ? 4 : capacity_ + capacity_ / 2;
		T *const data = allocate(capacity);
		if (!data)
			return std::unexpected(errno_t::ENOMEM);
		// Before the others move, as it may be made of one of them.
		T *const made = std::construct_at(data + size_, std::forward<Args>(args)...);
		move_to(data, capacity);
		++size_;
		return made;
	}
	// Adds a value at the end. Errors: ENOMEM; nothing has changed then.
	result<T *> push_back(const T &value) { return emplace_back(value); }
	result<T *> push_back(T &&value) { return emplace_back(std::move(value)); }
	// Makes room for so many elements in all. Adding an element cannot fail before that room is used up. Errors:
	// ENOMEM.
	result<void> reserve(size_t capacity)
	{
		if (capacity <= capacity_)
			return {};
		T *const data = allocate(capacity);
		if (!data)
			return std::unexpected(errno_t::ENOMEM);
		move_to(data, capacity);
		return {};
	}
	// Destroys elements at the end, or adds value-initialized ones there. Errors: ENOMEM.
	result<void> resize(size_t size)
	{
		if (result<void> reserved = reserve(size); !reserved)
			return reserved;
		while (size_ > size)
			pop_back();
		while (size_ < size)
			append();
		return {};
	}
	// A copy. Errors: ENOMEM.
	[[nodiscard]] result<vector> try_clone() const
	{
		vector made(flags_);
		if (result<void> reserved = made.reserve(size_); !reserved)
			return std::unexpected(reserved.error());
		for (const T &element : *this)
			made.append(element);
		return made;
	}

	// Destroys the last element. Traps if there is none.
	void pop_back()
	{
		precondition(size_);
		std::destroy_at(data_ + --size_);
	}
	// Destroys all elements, and keeps their memory.
	void clear()
	{
		while (size_)
			pop_back();
	}
	// Exchanges the elements of two vectors.
	void swap(vector &other) noexcept
	{
		std::swap(data_, other.data_);
		std::swap(size_, other.size_);
		std::swap(capacity_, other.capacity_);
		std::swap(flags_, other.flags_);
	}

	// The functions from here on do what those of std::vector do.
	[[nodiscard]] size_t size() const { return size_; }
	[[nodiscard]] size_t capacity() const { return capacity_; }
	[[nodiscard]] bool empty() const { return !size_; }
	[[nodiscard]] T *data() { return data_; }
	[[nodiscard]] const T *data() const { return data_; }
	[[nodiscard]] T *begin() { return data_; }
	[[nodiscard]] const T *begin() const { return data_; }
	[[nodiscard]] T *end() { return data_ + size_; }
	[[nodiscard]] const T *end() const { return data_ + size_; }
	[[nodiscard]] T &operator[](size_t i)
	{
		precondition(i < size_);
		return data_[i];
	}
	[[nodiscard]] const T &operator[](size_t i) const
	{
		precondition(i < size_);
		return data_[i];
	}
	[[nodiscard]] T &front() { return (*this)[0]; }
	[[nodiscard]] const T &front() const { return (*this)[0]; }
	[[nodiscard]] T &back() { return (*this)[size_ - 1]; }
	[[nodiscard]] const T &back() const { return (*this)[size_ - 1]; }

private:
	static constexpr auto align = std::align_val_t(alignof(T) > __STDCPP_DEFAULT_NEW_ALIGNMENT__
							       ? alignof(T)
							       : __STDCPP_DEFAULT_NEW_ALIGNMENT__);

	static void free(T *data) { operator delete(data, align); }
	template <class... Args>
	T *append(Args &&...args)
	{
		T *const made =
			::new (static_cast<void *>(data_ + size_)) T(std::forward<Args>(args)...);
		++size_;
		return made;
	}
	// Room for so many elements, or null.
	T *allocate(size_t capacity)
	{
		size_t bytes = 0;
		if (__builtin_mul_overflow(capacity, sizeof(T), &bytes))
			return nullptr;
		return static_cast<T *>(operator new(bytes, align, flags_));
	}
	void move_to(T *data, size_t capacity)
	{
		std::uninitialized_move(begin(), end(), data);
		std::destroy(begin(), end());
		free(std::exchange(data_, data));
		capacity_ = capacity;
	}

	T *data_ = nullptr;
	size_t size_ = 0;
	size_t capacity_ = 0;
	gfp flags_ = gfp::kernel;
};
} // namespace cxxrt
