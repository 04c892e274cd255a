// SPDX-License-Identifier: GPL-2.0
//
// An object of the kernel's in C++: of the size, the alignment and the initial words that the kernel which
// is built for has, without a constructor at run time. For the headers of the library:
//
//	class gate : kthread::kernel_object<kthread::completion_image, BRIDGE_COMPLETION_ALIGN> {
//	public:
//		template <kthread::fixed_string Name>
//		constexpr explicit gate(kthread::lock_class<Name> name) : kernel_object(name) {}
//	};
//
//	constinit gate open{"open"_lock};
//
// Locks have names, by which lockdep tells of them. All locks of one name and type are of one class: a lock in a
// struct is named as its member, such as "device::config".
#pragma once

#include <cstddef>
#include <utility>

#include "bridge/locks.h"

namespace kthread
{
struct object_image;

// For the library: a text as a template's argument.
template <std::size_t N>
struct fixed_string {
	char text[N]{};

	constexpr fixed_string(const char (&from)[N])
	{
		for (std::size_t i = 0; i < N; ++i)
			text[i] = from[i];
	}
};

// For the library: what lockdep has for all locks of a name and an image: a key for them, and one for the lock that some
// have in them. Without lockdep nothing of it is in the module.
template <fixed_string Name>
struct lock_class {
	// For the library: a struct lock_class_key.
	struct alignas(BRIDGE_LOCK_CLASS_KEY_ALIGN) key {
		unsigned char bytes[BRIDGE_LOCK_CLASS_KEY_SIZE ? BRIDGE_LOCK_CLASS_KEY_SIZE : 1];
	};
	// A copy: clang takes the address of a template's argument from a GOT, which modules lack.
	static constexpr fixed_string name = Name;
	template <const object_image &Image>
	static constinit inline key keys[2] = {};
};

} // namespace kthread

// The name of a lock: mutex lock{"device::lock"_lock}. Not in a namespace, so that each declaration may have
// it.
template <kthread::fixed_string Name>
consteval kthread::lock_class<Name> operator""_lock()
{
	return {};
}

namespace kthread
{
// For the library: the words of an object as C initialises it: see sizes.c.
struct object_image {
	enum kind : unsigned char { number, own_word, name };

	std::size_t size;
	unsigned char kinds[24];
	int low[24], high[24];

	[[nodiscard]] constexpr unsigned long value(std::size_t i) const
	{
		return static_cast<unsigned int>(low[i]) |
		       static_cast<unsigned long>(static_cast<unsigned int>(high[i])) << 32;
	}
	[[nodiscard]] constexpr bool is_key(std::size_t i) const
	{
		return BRIDGE_DEBUG_LOCK_ALLOC && i + BRIDGE_KEY_TO_NAME < size / sizeof(long) &&
		       kinds[i + BRIDGE_KEY_TO_NAME] == name;
	}
	// The names of nested locks come with the inner one first: the last one is the outermost.
	[[nodiscard]] constexpr std::size_t names_after(std::size_t i) const
	{
		std::size_t n = 0;

		for (++i; i < size / sizeof(long); ++i)
			n += kinds[i] == name;
		return n;
	}
	// The first word that has its own address: an empty list.
	[[nodiscard]] constexpr std::size_t first_list() const
	{
		std::size_t i = 0;

		while (kinds[i] != own_word)
			++i;
		return i;
	}
};

#define KTHREAD_IMAGE(type)                                                                        \
	{                                                                                          \
		BRIDGE_##type##_SIZE, {BRIDGE_##type##_KINDS}, {BRIDGE_##type##_LOW},              \
		{                                                                                  \
			BRIDGE_##type##_HIGH                                                       \
		}                                                                                  \
	}
inline constexpr object_image completion_image = KTHREAD_IMAGE(COMPLETION);
inline constexpr object_image mutex_image = KTHREAD_IMAGE(MUTEX);
inline constexpr object_image raw_spinlock_image = KTHREAD_IMAGE(RAW_SPINLOCK);
inline constexpr object_image rwsem_image = KTHREAD_IMAGE(RWSEM);
inline constexpr object_image spinlock_image = KTHREAD_IMAGE(SPINLOCK);
inline constexpr object_image swait_head_image = KTHREAD_IMAGE(SWAIT_HEAD);
inline constexpr object_image wait_head_image = KTHREAD_IMAGE(WAIT_HEAD);
#undef KTHREAD_IMAGE

// For the library: an object of the kernel with its initial words.
template <const object_image &Image, std::size_t Align, std::size_t Size = Image.size>
class alignas(Align) kernel_object
{
public:
	kernel_object(const kernel_object &) = delete;
	kernel_object &operator=(const kernel_object &) = delete;

protected:
	template <fixed_string Name>
	constexpr explicit kernel_object(lock_class<Name> name) noexcept
		: kernel_object(name, std::make_index_sequence<count>())
	{
	}
	~kernel_object() = default;

	// As the kernel's type.
	template <class T>
	[[nodiscard]] T *as() noexcept
	{
		return reinterpret_cast<T *>(words_);
	}

	// Whether the object's list is empty, without a barrier.
	[[nodiscard]] bool is_list_empty() const noexcept
	{
		constexpr std::size_t list = Image.first_list();

		return __atomic_load_n(&words_[list].address, __ATOMIC_RELAXED) == &words_[list];
	}

private:
	static constexpr std::size_t count = Size / sizeof(long);
	static_assert(Size % sizeof(long) == 0 && count <= sizeof(Image.kinds));

	union word {
		unsigned long number;
		const void *address;

		constexpr explicit word(unsigned long n) noexcept : number(n) {}
		constexpr explicit word(const void *to) noexcept : address(to) {}
	};

	template <fixed_string Name, std::size_t... I>
	constexpr kernel_object(lock_class<Name>, std::index_sequence<I...>) noexcept
		: words_{initial<I, lock_class<Name>>(words_)...}
	{
	}

	template <std::size_t I, class Class>
	static constexpr word initial([[maybe_unused]] const word *self) noexcept
	{
		if constexpr (Image.kinds[I] == object_image::own_word)
			return word(static_cast<const void *>(self + Image.value(I)));
		else if constexpr (Image.kinds[I] == object_image::name)
			return word(static_cast<const void *>(Class::name.text));
		else if constexpr (Image.is_key(I))
			return word(static_cast<const void *>(
				&Class::template keys<Image>[Image.names_after(
					I + BRIDGE_KEY_TO_NAME)]));
		else
			return word(Image.value(I));
	}

	word words_[count];
};

// For the library: a spinlock of a kernel without debugging.
template <const object_image &Image, std::size_t Align>
class alignas(Align) kernel_object<Image, Align, sizeof(int)>
{
public:
	kernel_object(const kernel_object &) = delete;
	kernel_object &operator=(const kernel_object &) = delete;

protected:
	template <fixed_string Name>
	constexpr explicit kernel_object(lock_class<Name>) noexcept
	{
	}
	~kernel_object() = default;
	template <class T>
	[[nodiscard]] T *as() noexcept
	{
		return reinterpret_cast<T *>(&word_);
	}

private:
	unsigned int word_ = static_cast<unsigned int>(Image.low[0]);
};

// For the library: an object without bytes, as a spinlock of a kernel for one processor.
template <const object_image &Image, std::size_t Align>
class alignas(Align) kernel_object<Image, Align, 0>
{
public:
	kernel_object(const kernel_object &) = delete;
	kernel_object &operator=(const kernel_object &) = delete;

protected:
	template <fixed_string Name>
	constexpr explicit kernel_object(lock_class<Name>) noexcept
	{
	}
	~kernel_object() = default;
	template <class T>
	[[nodiscard]] T *as() noexcept
	{
		return reinterpret_cast<T *>(this);
	}
};
} // namespace kthread
