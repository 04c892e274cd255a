/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The two functions that cxxrt asks of the kernel, by way of alloc.c.
 */
#ifndef CXXRT_ALLOC_H
#define CXXRT_ALLOC_H

#ifdef __cplusplus
extern "C" {
#endif

/*
 * cxxrt_alloc - memory for operator new
 * @size: bytes; zero gives a unique address
 * @align: a power of two
 * @gfp: a cxxrt::gfp of <cxxrt/gfp.hpp>
 *
 * May sleep unless @gfp says otherwise. NULL if there is no memory, or not in one piece, or if
 * @size or @align is over KMALLOC_MAX_SIZE. Stands on kmalloc().
 */
void *cxxrt_alloc(__SIZE_TYPE__ size, __SIZE_TYPE__ align, unsigned int gfp);

/* cxxrt_free - give it back; NULL is allowed. Never sleeps. Stands on kfree(). */
void cxxrt_free(void *memory);

#ifdef __cplusplus
}
#endif

#endif
