// SPDX-License-Identifier: GPL-2.0
//
// What clang's -Wthread-safety is told of locks, and nothing for other compilers:
//
//	struct KTHREAD_CAPABILITY("lock") gate {
//		void lock() KTHREAD_ACQUIRE();
//		void unlock() KTHREAD_RELEASE();
//	};
//	extern gate door;
//	extern int inside KTHREAD_GUARDED_BY(door);
#pragma once

#ifdef __clang__
#define KTHREAD_THREAD_SAFETY(attribute) __attribute__((attribute))
#else
#define KTHREAD_THREAD_SAFETY(attribute)
#endif

// A class of locks, and one of guards.
#define KTHREAD_CAPABILITY(name) KTHREAD_THREAD_SAFETY(capability(name))
#define KTHREAD_SCOPED KTHREAD_THREAD_SAFETY(scoped_lockable)

// A variable, or what a pointer points to, that only the holder of a lock may touch; a function that only
// the holder may call.
#define KTHREAD_GUARDED_BY(lock) KTHREAD_THREAD_SAFETY(guarded_by(lock))
#define KTHREAD_PT_GUARDED_BY(lock) KTHREAD_THREAD_SAFETY(pt_guarded_by(lock))
#define KTHREAD_REQUIRES(lock) KTHREAD_THREAD_SAFETY(requires_capability(lock))
#define KTHREAD_REQUIRES_SHARED(lock) KTHREAD_THREAD_SAFETY(requires_shared_capability(lock))

// What functions of locks and guards do.
#define KTHREAD_ACQUIRE(...) KTHREAD_THREAD_SAFETY(acquire_capability(__VA_ARGS__))
#define KTHREAD_ACQUIRE_SHARED(...) KTHREAD_THREAD_SAFETY(acquire_shared_capability(__VA_ARGS__))
#define KTHREAD_TRY_ACQUIRE(...) KTHREAD_THREAD_SAFETY(try_acquire_capability(__VA_ARGS__))
#define KTHREAD_TRY_ACQUIRE_SHARED(...)                                                            \
	KTHREAD_THREAD_SAFETY(try_acquire_shared_capability(__VA_ARGS__))
#define KTHREAD_RELEASE(...) KTHREAD_THREAD_SAFETY(release_capability(__VA_ARGS__))
#define KTHREAD_RELEASE_SHARED(...) KTHREAD_THREAD_SAFETY(release_shared_capability(__VA_ARGS__))
// A guard's destructor, whichever way it holds the lock.
#define KTHREAD_RELEASE_GENERIC(...) KTHREAD_THREAD_SAFETY(release_generic_capability(__VA_ARGS__))
// The body is not looked into.
#define KTHREAD_UNCHECKED KTHREAD_THREAD_SAFETY(no_thread_safety_analysis)
