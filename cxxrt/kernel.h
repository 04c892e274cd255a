/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the headers in cxxrt/ ask of the kernel that is a macro or inline function there, by way of
 * kernel.c. A module that includes one of them links $(cxxrt-kernel-objs).
 */
#ifndef CXXRT_KERNEL_H
#define CXXRT_KERNEL_H

#ifdef __cplusplus
extern "C" {
#endif

/*
 * cxxrt_wait_var - sleep until changed(context), which is asked again after each cxxrt_wake_var()
 * of @address
 *
 * For threads that may sleep; not ended by signals. Wraps wait_var_event().
 */
void cxxrt_wait_var(const void *address, bool (*changed)(const void *context), const void *context);

/*
 * cxxrt_wake_var - let those in cxxrt_wait_var() look again
 *
 * From any context but NMIs and, on PREEMPT_RT, hard interrupts. Wraps wake_up_var().
 */
void cxxrt_wake_var(const void *address);

/* cxxrt_warn - a warning with a call trace, from any context. Wraps WARN(). */
void cxxrt_warn(const char *file, int line, const char *condition);

/*
 * cxxrt_might_sleep - a warning in debug kernels if the caller may not sleep here
 *
 * Wraps might_sleep().
 */
void cxxrt_might_sleep(const char *file, int line);

/* Where a rate-limited message stands: all zero at first. */
struct cxxrt_ratelimit_site {
	int state;
	union {
		unsigned long long align;
		unsigned char bytes[192];
	} limit;
};

/*
 * cxxrt_ratelimit - whether a message may be printed: ten in five seconds, and how many were not is
 * printed with the next. From any context. Wraps __ratelimit().
 */
bool cxxrt_ratelimit(struct cxxrt_ratelimit_site *site, const char *function);

/*
 * Of a refcount_t at @count, from any context: the kernel's functions of these names. It warns of a
 * count that wraps or comes back from 0, and lets the object leak.
 */
void cxxrt_refcount_set(int *count, int value);
void cxxrt_refcount_inc(int *count);
bool cxxrt_refcount_inc_not_zero(int *count);
bool cxxrt_refcount_dec_and_test(int *count);
unsigned int cxxrt_refcount_read(const int *count);

#ifdef __cplusplus
}
#endif

#endif
