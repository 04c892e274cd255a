// SPDX-License-Identifier: GPL-2.0
//
// The standard's guards, for any lock that has lock() and unlock(): lock_guard, unique_lock, shared_lock,
// scoped_lock. The compiler reports one without a name, which holds nothing. clang's -Wthread-safety knows of all but a
// scoped_lock of several.
#pragma once

#include <cxxrt/precondition.hpp>
#include <tuple>
#include <utility>

#ifdef __clang__
#define CXXRT_THREAD_SAFETY(attribute) __attribute__((attribute))
#else
#define CXXRT_THREAD_SAFETY(attribute)
#endif
#define CXXRT_SCOPED CXXRT_THREAD_SAFETY(scoped_lockable)
#define CXXRT_ACQUIRE(...) CXXRT_THREAD_SAFETY(acquire_capability(__VA_ARGS__))
#define CXXRT_ACQUIRE_SHARED(...) CXXRT_THREAD_SAFETY(acquire_shared_capability(__VA_ARGS__))
#define CXXRT_REQUIRES(...) CXXRT_THREAD_SAFETY(requires_capability(__VA_ARGS__))
#define CXXRT_RELEASE(...) CXXRT_THREAD_SAFETY(release_capability(__VA_ARGS__))
#define CXXRT_RELEASE_GENERIC(...) CXXRT_THREAD_SAFETY(release_generic_capability(__VA_ARGS__))
#define CXXRT_EXCLUDES(...) CXXRT_THREAD_SAFETY(locks_excluded(__VA_ARGS__))
#define CXXRT_UNCHECKED CXXRT_THREAD_SAFETY(no_thread_safety_analysis)

namespace std
{
struct defer_lock_t {
	explicit defer_lock_t() = default;
};
struct try_to_lock_t {
	explicit try_to_lock_t() = default;
};
struct adopt_lock_t {
	explicit adopt_lock_t() = default;
};
inline constexpr defer_lock_t defer_lock{};
inline constexpr try_to_lock_t try_to_lock{};
inline constexpr adopt_lock_t adopt_lock{};

template <class Mutex>
class CXXRT_SCOPED lock_guard
{
public:
	using mutex_type = Mutex;

	[[nodiscard]] explicit lock_guard(Mutex &mutex) CXXRT_ACQUIRE(mutex) CXXRT_UNCHECKED
		: mutex_(mutex)
	{
		mutex_.lock();
	}
	[[nodiscard]] lock_guard(Mutex &mutex, adopt_lock_t) CXXRT_REQUIRES(mutex) : mutex_(mutex)
	{
	}
	~lock_guard() CXXRT_RELEASE() CXXRT_UNCHECKED { mutex_.unlock(); }
	lock_guard(const lock_guard &) = delete;
	lock_guard &operator=(const lock_guard &) = delete;

private:
	Mutex &mutex_;
};

template <class Mutex>
class CXXRT_SCOPED unique_lock
{
public:
	using mutex_type = Mutex;

	unique_lock() noexcept = default;
	[[nodiscard]] explicit unique_lock(Mutex &mutex) CXXRT_ACQUIRE(mutex) CXXRT_UNCHECKED
		: mutex_(addressof(mutex)),
		  owns_(true)
	{
		mutex.lock();
	}
	[[nodiscard]] unique_lock(Mutex &mutex, defer_lock_t) noexcept CXXRT_EXCLUDES(mutex)
		: mutex_(addressof(mutex))
	{
	}
	// -Wthread-safety assumes that try_lock() succeeded.
	[[nodiscard]] unique_lock(Mutex &mutex, try_to_lock_t) CXXRT_ACQUIRE(mutex) CXXRT_UNCHECKED
		: mutex_(addressof(mutex)),
		  owns_(mutex.try_lock())
	{
	}
	[[nodiscard]] unique_lock(Mutex &mutex, adopt_lock_t) CXXRT_REQUIRES(mutex)
		: mutex_(addressof(mutex)), owns_(true)
	{
	}
	unique_lock(unique_lock &&other) noexcept CXXRT_UNCHECKED
		: mutex_(std::exchange(other.mutex_, nullptr)),
		  owns_(std::exchange(other.owns_, false))
	{
	}
	unique_lock &operator=(unique_lock &&other) noexcept CXXRT_UNCHECKED
	{
		unique_lock moved(std::move(other));

		swap(moved);
		return *this;
	}
	~unique_lock() CXXRT_RELEASE() CXXRT_UNCHECKED
	{
		if (owns_)
			mutex_->unlock();
	}

	void lock() CXXRT_ACQUIRE() CXXRT_UNCHECKED
	{
		cxxrt::precondition(mutex_ && !owns_);
		mutex_->lock();
		owns_ = true;
	}
	bool try_lock() CXXRT_THREAD_SAFETY(try_acquire_capability(true)) CXXRT_UNCHECKED
	{
		cxxrt::precondition(mutex_ && !owns_);
		owns_ = mutex_->try_lock();
		return owns_;
	}
	void unlock() CXXRT_RELEASE() CXXRT_UNCHECKED
	{
		cxxrt::precondition(owns_);
		owns_ = false;
		mutex_->unlock();
	}

	void swap(unique_lock &other) noexcept
	{
		std::swap(mutex_, other.mutex_);
		std::swap(owns_, other.owns_);
	}
	Mutex *release() noexcept CXXRT_UNCHECKED
	{
		owns_ = false;
		return std::exchange(mutex_, nullptr);
	}
	[[nodiscard]] bool owns_lock() const noexcept { return owns_; }
	explicit operator bool() const noexcept { return owns_; }
	[[nodiscard]] Mutex *mutex() const noexcept { return mutex_; }

private:
	Mutex *mutex_ = nullptr;
	bool owns_ = false;
};

template <class Mutex>
class CXXRT_SCOPED shared_lock
{
public:
	using mutex_type = Mutex;

	[[nodiscard]] explicit shared_lock(Mutex &mutex) CXXRT_ACQUIRE_SHARED(mutex) CXXRT_UNCHECKED
		: mutex_(addressof(mutex)),
		  owns_(true)
	{
		mutex.lock_shared();
	}
	shared_lock(const shared_lock &) = delete;
	shared_lock &operator=(const shared_lock &) = delete;
	~shared_lock() CXXRT_RELEASE_GENERIC() CXXRT_UNCHECKED
	{
		if (owns_)
			mutex_->unlock_shared();
	}

	void lock() CXXRT_THREAD_SAFETY(acquire_shared_capability()) CXXRT_UNCHECKED
	{
		cxxrt::precondition(!owns_);
		mutex_->lock_shared();
		owns_ = true;
	}
	void unlock() CXXRT_RELEASE_GENERIC() CXXRT_UNCHECKED
	{
		cxxrt::precondition(owns_);
		owns_ = false;
		mutex_->unlock_shared();
	}
	[[nodiscard]] bool owns_lock() const noexcept { return owns_; }
	explicit operator bool() const noexcept { return owns_; }
	[[nodiscard]] Mutex *mutex() const noexcept { return mutex_; }

private:
	Mutex *mutex_;
	bool owns_;
};

// Tries to take all locks. Returns -1, or the number of the lock that it did not get; then it holds none.
template <class First, class... Rest>
int try_lock(First &first, Rest &...rest) CXXRT_UNCHECKED
{
	if (!first.try_lock())
		return 0;
	if constexpr (sizeof...(rest) > 0) {
		if (const int failed = try_lock(rest...); failed >= 0) {
			first.unlock();
			return failed + 1;
		}
	}
	return -1;
}
} // namespace std

namespace cxxrt
{
// Waits for the lock with this number, and tries to take those behind it, then those before it. Returns as
// std::try_lock() of the tried ones, in this order.
template <class First, class... Rest>
int wait_for_one(int number, First &first, Rest &...rest) CXXRT_UNCHECKED
{
	if (number > 0)
		return wait_for_one(number - 1, rest..., first);
	first.lock();
	const int failed = std::try_lock(rest...);

	if (failed >= 0)
		first.unlock();
	return failed;
}
} // namespace cxxrt

namespace std
{
// Takes all locks. It cannot deadlock, because it never waits for a lock while it holds another.
template <class First, class Second, class... Rest>
void lock(First &first, Second &second, Rest &...rest) CXXRT_UNCHECKED
{
	constexpr int count = 2 + sizeof...(rest);
	int number = 0;

	for (;;) {
		const int failed = cxxrt::wait_for_one(number, first, second, rest...);

		if (failed < 0)
			return;
		// The next wait is for the one that others hold, so that this does not spin.
		number = (number + 1 + failed) % count;
	}
}

template <class... Mutexes>
class scoped_lock
{
public:
	[[nodiscard]] explicit scoped_lock(Mutexes &...mutexes) CXXRT_UNCHECKED
		: mutexes_(mutexes...)
	{
		std::lock(mutexes...);
	}
	[[nodiscard]] scoped_lock(adopt_lock_t, Mutexes &...mutexes) : mutexes_(mutexes...) {}
	~scoped_lock() CXXRT_UNCHECKED
	{
		std::apply([](auto &...mutex) CXXRT_UNCHECKED { (mutex.unlock(), ...); }, mutexes_);
	}
	scoped_lock(const scoped_lock &) = delete;
	scoped_lock &operator=(const scoped_lock &) = delete;

private:
	std::tuple<Mutexes &...> mutexes_;
};

template <>
class scoped_lock<>
{
public:
	explicit scoped_lock() = default;
	explicit scoped_lock(adopt_lock_t) {}
	scoped_lock(const scoped_lock &) = delete;
	scoped_lock &operator=(const scoped_lock &) = delete;
};

template <class Mutex>
class CXXRT_SCOPED scoped_lock<Mutex>
{
public:
	using mutex_type = Mutex;

	[[nodiscard]] explicit scoped_lock(Mutex &mutex) CXXRT_ACQUIRE(mutex) CXXRT_UNCHECKED
		: mutex_(mutex)
	{
		mutex_.lock();
	}
	[[nodiscard]] scoped_lock(adopt_lock_t, Mutex &mutex) CXXRT_REQUIRES(mutex) : mutex_(mutex)
	{
	}
	~scoped_lock() CXXRT_RELEASE() CXXRT_UNCHECKED { mutex_.unlock(); }
	scoped_lock(const scoped_lock &) = delete;
	scoped_lock &operator=(const scoped_lock &) = delete;

private:
	Mutex &mutex_;
};
} // namespace std

#undef CXXRT_THREAD_SAFETY
#undef CXXRT_SCOPED
#undef CXXRT_ACQUIRE
#undef CXXRT_ACQUIRE_SHARED
#undef CXXRT_REQUIRES
#undef CXXRT_RELEASE
#undef CXXRT_RELEASE_GENERIC
#undef CXXRT_EXCLUDES
#undef CXXRT_UNCHECKED
