// SPDX-License-Identifier: GPL-2.0
//
// Threads and items as members of a struct of C. The struct stands in a header that C and C++ include. What C++ calls
// for it has C linkage:
//
//	#include "kthread/jthread.hpp"
//
//	struct device {
//		long beats;
//		KTHREADXX_OPAQUE(thread, 512);
//	};
//	using device_thread = kthread::opaque_member<&device::thread, kthread::static_jthread<>>;
//
//	int device_start(device *d)
//	{
//		auto &thread = device_thread::construct(*d);
//
//		return kthread::to_errno(thread.run("device", [d](kthread::stop_token stop) {
//			while (stop.sleep_for(1ms))
//				++d->beats;
//		}));
//	}
//
//	void device_stop(device *d)
//	{
//		device_thread::destroy(*d);
//	}
#pragma once

#include <memory>
#include <new>
#include <utility>

#include "bridge/opaque.h"

namespace kthread
{
// For the library: fails with the number of bytes that an object takes, and of those that are there.
template <std::size_t takes, std::size_t has>
struct opaque_room {
	static_assert(takes <= has, "the KTHREADXX_OPAQUE has fewer bytes than its object takes");
};

// Says which object of C++ a member KTHREADXX_OPAQUE() of a struct is. One that only needs C++ where it is made and
// used, such as a thread, a worker, an item. Lifetime: the T lives from construct() to destroy(), and both before the
// struct's memory goes. Implemented with placement new.
template <auto Member, class T>
struct opaque_member;
template <class Struct, std::size_t words, unsigned long (Struct::*Member)[words], class T>
struct opaque_member<Member, T> {
	// Makes the T of these arguments. Context: that of T's constructor.
	template <class... Args>
	static T &construct(Struct &object, Args &&...args)
	{
		static_assert(alignof(T) <= alignof(unsigned long));
		static_assert(sizeof(opaque_room<sizeof(T), sizeof(object.*Member)>) != 0);
		return *new (static_cast<void *>(object.*Member)) T(std::forward<Args>(args)...);
	}

	// The T, after construct(). Context: any.
	[[nodiscard]] static T &of(Struct &object) noexcept
	{
		return *std::launder(reinterpret_cast<T *>(object.*Member));
	}

	// Destroys the T. A static_jthread, whose destructor does nothing, is reset. Context: that of T's
	// destructor, or of its reset().
	static void destroy(Struct &object)
	{
		if constexpr (requires(T & t) { t.reset(); })
			of(object).reset();
		std::destroy_at(&of(object));
	}
};
} // namespace kthread
