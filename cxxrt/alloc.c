// SPDX-License-Identifier: GPL-2.0
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/kcsan-checks.h>
#include <linux/log2.h>
#include <linux/slab.h>

#include "alloc.h"
#include "include/cxxrt/errnos.h"

/* Here, as each module has this file: the header has no other way to see the kernel's. */
#define CXXRT_SAME(name, value) static_assert((name) == (value));
CXXRT_ERRNOS(CXXRT_SAME)

void *cxxrt_alloc(size_t size, size_t align, unsigned int gfp)
{
	static const gfp_t flags[] = {GFP_KERNEL, GFP_ATOMIC, GFP_NOWAIT};

	/* What kmalloc() cannot serve would be a warning there, and rounding it could overflow. */
	if (size > KMALLOC_MAX_SIZE || align > KMALLOC_MAX_SIZE)
		return NULL;
	/* For zero bytes kmalloc() gives no address of their own. */
	size = max(size, align);
	/* It aligns a power of two to itself. */
	if (align > ARCH_KMALLOC_MINALIGN)
		size = roundup_pow_of_two(size);
	return kmalloc(size, flags[gfp]);
}

void cxxrt_free(void *memory)
{
	kfree(memory);
}

#ifdef __SANITIZE_THREAD__
void __tsan_vptr_update(void *vptr, void *vtable);

/* How a compiler tells KCSAN that a vtable is set; the kernel, being C, has none. */
void __tsan_vptr_update(void *vptr, void *vtable)
{
	kcsan_check_write(vptr, sizeof(vtable));
}

void __tsan_vptr_read(void *vptr);

/* How clang tells it that one is read. */
void __tsan_vptr_read(void *vptr)
{
	kcsan_check_read(vptr, sizeof(vptr));
}
#endif
