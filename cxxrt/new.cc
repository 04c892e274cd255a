// SPDX-License-Identifier: GPL-2.0
#include <cxxrt/gfp.hpp>

#include "alloc.h"

const std::nothrow_t std::nothrow{};

// One function for all that do the same: as many as there are, most of them would be frame. What a form
// of delete has to say besides is left where it is.
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wattribute-alias"
#endif
#define SAME_AS(function) __attribute__((alias(function)))

namespace
{
void *allocate(std::size_t size, std::align_val_t align, cxxrt::gfp flags)
{
	return cxxrt_alloc(size, static_cast<std::size_t>(align), static_cast<unsigned int>(flags));
}

constexpr auto default_align = std::align_val_t(__STDCPP_DEFAULT_NEW_ALIGNMENT__);
} // namespace

extern "C" {
void *cxxrt_new(std::size_t, cxxrt::gfp);
void *cxxrt_new_aligned(std::size_t, std::align_val_t, cxxrt::gfp);
void *cxxrt_new_nothrow(std::size_t, const std::nothrow_t &);
void *cxxrt_new_aligned_nothrow(std::size_t, std::align_val_t, const std::nothrow_t &);
void cxxrt_delete(void *);
[[noreturn]] void __cxa_pure_virtual();
}

void *cxxrt_new(std::size_t size, cxxrt::gfp flags)
{
	return allocate(size, default_align, flags);
}

void *cxxrt_new_aligned(std::size_t size, std::align_val_t align, cxxrt::gfp flags)
{
	return allocate(size, align, flags);
}

void *cxxrt_new_nothrow(std::size_t size, const std::nothrow_t &)
{
	return allocate(size, default_align, cxxrt::gfp::kernel);
}

void *cxxrt_new_aligned_nothrow(std::size_t size, std::align_val_t align, const std::nothrow_t &)
{
	return allocate(size, align, cxxrt::gfp::kernel);
}

void cxxrt_delete(void *memory)
{
	cxxrt_free(memory);
}

// A call through a half-built or half-destroyed object: an oops names the caller.
void __cxa_pure_virtual()
{
	__builtin_trap();
}

// clang-format off
void *operator new(std::size_t, cxxrt::gfp) noexcept SAME_AS("cxxrt_new");
void *operator new[](std::size_t, cxxrt::gfp) noexcept SAME_AS("cxxrt_new");
void *operator new(std::size_t, std::align_val_t, cxxrt::gfp) noexcept SAME_AS("cxxrt_new_aligned");
void *operator new[](std::size_t, std::align_val_t, cxxrt::gfp) noexcept SAME_AS("cxxrt_new_aligned");
void *operator new(std::size_t, const std::nothrow_t &) noexcept SAME_AS("cxxrt_new_nothrow");
void *operator new[](std::size_t, const std::nothrow_t &) noexcept SAME_AS("cxxrt_new_nothrow");
void *operator new(std::size_t, std::align_val_t, const std::nothrow_t &) noexcept
	SAME_AS("cxxrt_new_aligned_nothrow");
void *operator new[](std::size_t, std::align_val_t, const std::nothrow_t &) noexcept
	SAME_AS("cxxrt_new_aligned_nothrow");

void operator delete(void *) noexcept SAME_AS("cxxrt_delete");
void operator delete[](void *) noexcept SAME_AS("cxxrt_delete");
void operator delete(void *, std::size_t) noexcept SAME_AS("cxxrt_delete");
void operator delete[](void *, std::size_t) noexcept SAME_AS("cxxrt_delete");
void operator delete(void *, std::align_val_t) noexcept SAME_AS("cxxrt_delete");
void operator delete[](void *, std::align_val_t) noexcept SAME_AS("cxxrt_delete");
void operator delete(void *, std::size_t, std::align_val_t) noexcept SAME_AS("cxxrt_delete");
void operator delete[](void *, std::size_t, std::align_val_t) noexcept SAME_AS("cxxrt_delete");
// clang-format on
