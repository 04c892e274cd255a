// SPDX-License-Identifier: GPL-2.0
#include <cxxrt/gfp.hpp>

#include "alloc.h"

const std::nothrow_t std::nothrow{};

namespace
{
constexpr auto default_align = std::align_val_t(__STDCPP_DEFAULT_NEW_ALIGNMENT__);
}

void *operator new(std::size_t size, std::align_val_t align, cxxrt::gfp flags) noexcept
{
	return cxxrt_alloc(size, static_cast<std::size_t>(align), static_cast<unsigned int>(flags));
}

void *operator new[](std::size_t size, std::align_val_t align, cxxrt::gfp flags) noexcept
{
	return operator new(size, align, flags);
}

void *operator new(std::size_t size, cxxrt::gfp flags) noexcept
{
	return operator new(size, default_align, flags);
}

void *operator new[](std::size_t size, cxxrt::gfp flags) noexcept
{
	return operator new(size, default_align, flags);
}

void *operator new(std::size_t size, std::align_val_t align, const std::nothrow_t &) noexcept
{
	return operator new(size, align, cxxrt::gfp::kernel);
}

void *operator new[](std::size_t size, std::align_val_t align, const std::nothrow_t &) noexcept
{
	return operator new(size, align, cxxrt::gfp::kernel);
}

void *operator new(std::size_t size, const std::nothrow_t &) noexcept
{
	return operator new(size, default_align, cxxrt::gfp::kernel);
}

void *operator new[](std::size_t size, const std::nothrow_t &) noexcept
{
	return operator new(size, default_align, cxxrt::gfp::kernel);
}

void operator delete(void *memory) noexcept
{
	cxxrt_free(memory);
}

void operator delete[](void *memory) noexcept
{
	cxxrt_free(memory);
}

void operator delete(void *memory, std::size_t) noexcept
{
	cxxrt_free(memory);
}

void operator delete[](void *memory, std::size_t) noexcept
{
	cxxrt_free(memory);
}

void operator delete(void *memory, std::align_val_t) noexcept
{
	cxxrt_free(memory);
}

void operator delete[](void *memory, std::align_val_t) noexcept
{
	cxxrt_free(memory);
}

void operator delete(void *memory, std::size_t, std::align_val_t) noexcept
{
	cxxrt_free(memory);
}

void operator delete[](void *memory, std::size_t, std::align_val_t) noexcept
{
	cxxrt_free(memory);
}

// A call through a half-built or half-destroyed object: an oops names the caller.
extern "C" [[noreturn]] void __cxa_pure_virtual();
void __cxa_pure_virtual()
{
	__builtin_trap();
}
