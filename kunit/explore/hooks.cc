// SPDX-License-Identifier: GPL-2.0
//
// What -fsanitize=thread makes the compiler call, at each access of the library and of the scenarios,
// and the store buffers.
#include "engine.hpp"

#include <cstring>

namespace explore
{
void drain()
{
	while (!buffers[running].empty())
		arrive(running);
}

namespace
{
// Not in the history of its fiber, which does not notice when others see its store.
void become_seen(int number, const known_store &store, const void *address)
{
	const u64 event = arrival(store, address);
	location &at = location_of(address);

	old_locations.keep(at);
	at.clock = store.clock;
	at.written = event;
	at.seen = 0;
	known[number].arrived += event;
}
} // namespace

void arrive(int number)
{
	const delayed_store store = buffers[number].front();

	cannot_be_foretold();
	buffers[number].erase(buffers[number].begin());
	tell(number, "  its delayed store arrives", store.address);
	note(":=", static_cast<long>(store.value));
	check_access(store.address, store.size, true, true);
	memcpy(store.address, &store.value, store.size);
	if (!replaying)
		become_seen(number, known_stores[store.number], store.address);
}

u64 arrival(const known_store &store, const void *address)
{
	const location &at = location_of(address);

	return mix(store.history, at.written + at.seen);
}

namespace
{
int acquires(int order)
{
	return order == __ATOMIC_ACQUIRE || order == __ATOMIC_CONSUME ||
			       order == __ATOMIC_ACQ_REL || order == __ATOMIC_SEQ_CST
		       ? acquire
		       : 0;
}

int releases(int order)
{
	return order == __ATOMIC_RELEASE || order == __ATOMIC_ACQ_REL || order == __ATOMIC_SEQ_CST
		       ? release
		       : 0;
}

template <class T>
void before(const char *what, const volatile T *at, bool is_write)
{
	auto *address = const_cast<const T *>(at);

	point(what, address);
	check_access(address, sizeof(T), is_write, true);
}

template <class T>
T load(const volatile T *at, int order)
{
	if (running < 0)
		return *at;
	before("load", at, false);
	auto &buffer = buffers[running];
	for (auto i = buffer.rbegin(); i != buffer.rend(); ++i) {
		if (i->address != at)
			continue;
		note("= (its own delayed store)", static_cast<long>(i->value));
		learn(i->value);
		return static_cast<T>(i->value);
	}
	book(const_cast<const T *>(at), read | acquires(order) | weak);
	note("=", static_cast<long>(*at));
	return *at;
}

// Whether this store waits in the buffer: behind another one always.
bool waits_in_buffer()
{
	if (!buffers[running].empty())
		return true;
	could_be_delayed();
	if (delays_used == option.delays || in_one_order || !decide(2))
		return false;
	++delays_used;
	return true;
}

template <class T>
void put(volatile T *at, T value, int order)
{
	T *const address = const_cast<T *>(at);
	const int how = write | releases(order);

	if (!option.delays || order == __ATOMIC_SEQ_CST) {
		note(":=", static_cast<long>(value));
		book(address, how);
		*at = value;
		return;
	}

	const bool waits = waits_in_buffer();
	knowledge &self = known[running];
	learn(mix(4711, reinterpret_cast<u64>(address) * 32 + static_cast<u64>(how)));
	const known_store store = {how & release ? self.clock : self.released, self.history};
	if (!replaying && how & release)
		++self.clock.at[running];
	if (waits) {
		note("waits in the store buffer", static_cast<long>(value));
		buffers[running].push_back(
			{address, sizeof(T), static_cast<u64>(value), delayed_stores++});
		if (!replaying) {
			known_stores.resize(delayed_stores);
			known_stores.back() = store;
		}
		return;
	}
	note(":=", static_cast<long>(value));
	if (!replaying) {
		look_at(location_of(address), true);
		become_seen(running, store, address);
	}
	*at = value;
}

template <class T>
void store(volatile T *at, T value, int order)
{
	if (running < 0) {
		*at = value;
		return;
	}
	before("store", at, true);
	put(at, value, order);
}

template <class T, class Change>
T change(const char *what, volatile T *at, int order, Change changed)
{
	const T before_it = *at;

	if (running < 0) {
		*at = changed(before_it);
		return before_it;
	}
	before(what, at, true);
	drain();
	const T old = *at;
	*at = changed(old);
	book(const_cast<T *>(at), read | write | acquires(order) | releases(order));
	note("was", static_cast<long>(old));
	return old;
}

template <class T>
bool compare_exchange(volatile T *at, T *expected, T desired, int order, int order_if_not)
{
	if (running >= 0) {
		before("compare_exchange", at, true);
		drain();
	}

	const bool equal = *at == *expected;
	if (equal)
		*at = desired;
	else
		*expected = *at;
	if (running >= 0) {
		book(const_cast<T *>(at), equal ? read | write | acquires(order) | releases(order)
						: read | acquires(order_if_not));
		note(equal ? ":=" : "is another:", static_cast<long>(*at));
	}
	return equal;
}
} // namespace

void store_release(unsigned int *word, unsigned int value)
{
	put<u32>(word, value, __ATOMIC_RELEASE);
}
} // namespace explore

using namespace explore;

extern "C" {
#define PLAIN(size)                                                                                \
	void __tsan_read##size(void *p)                                                            \
	{                                                                                          \
		check_access(p, size, false, false);                                               \
	}                                                                                          \
	void __tsan_write##size(void *p)                                                           \
	{                                                                                          \
		check_access(p, size, true, false);                                                \
	}                                                                                          \
	void __tsan_unaligned_read##size(void *p)                                                  \
	{                                                                                          \
		check_access(p, size, false, false);                                               \
	}                                                                                          \
	void __tsan_unaligned_write##size(void *p)                                                 \
	{                                                                                          \
		check_access(p, size, true, false);                                                \
	}
PLAIN(1)
PLAIN(2)
PLAIN(4)
PLAIN(8)
PLAIN(16)

void __tsan_read_range(void *p, unsigned long size)
{
	check_access(p, size, false, false);
}

void __tsan_write_range(void *p, unsigned long size)
{
	check_access(p, size, true, false);
}

void __tsan_vptr_update(void **p, void *)
{
	check_access(p, sizeof(*p), true, false);
}

void __tsan_vptr_read(void **p)
{
	check_access(p, sizeof(*p), false, false);
}

void __tsan_init() {}

void __tsan_func_entry(void *) {}

// Takes the frame of who returns; it is dead until its owner uses the place again.
void __tsan_func_exit()
{
	void *const frame = __builtin_frame_address(0);

	frame_is_dead(frame, *static_cast<void **>(frame));
}

void *__tsan_memcpy(void *to, const void *from, unsigned long size)
{
	check_access(from, size, false, false);
	check_access(to, size, true, false);
	return memcpy(to, from, size);
}

void *__tsan_memset(void *to, int byte, unsigned long size)
{
	check_access(to, size, true, false);
	return memset(to, byte, size);
}

void __tsan_atomic_signal_fence(int) {}

void __tsan_atomic_thread_fence(int order)
{
	if (running < 0)
		return;
	if (order == __ATOMIC_SEQ_CST && option.delays)
		schedule_point(false);
	tell(running, "fence", nullptr);
	if (order == __ATOMIC_SEQ_CST)
		drain();
	if (replaying)
		return;

	knowledge &self = known[running];
	learn(12);
	if (acquires(order))
		self.clock.join(self.acquired);
	if (releases(order)) {
		self.released = self.clock;
		++self.clock.at[running];
	}
}

#define ATOMIC(bits, T)                                                                            \
	T __tsan_atomic##bits##_load(const volatile T *p, int order)                               \
	{                                                                                          \
		return load(p, order);                                                             \
	}                                                                                          \
	void __tsan_atomic##bits##_store(volatile T *p, T v, int order)                            \
	{                                                                                          \
		store(p, v, order);                                                                \
	}                                                                                          \
	T __tsan_atomic##bits##_exchange(volatile T *p, T v, int order)                            \
	{                                                                                          \
		return change("exchange", p, order, [=](T) { return v; });                         \
	}                                                                                          \
	T __tsan_atomic##bits##_fetch_add(volatile T *p, T v, int order)                           \
	{                                                                                          \
		return change("fetch_add", p, order,                                               \
			      [=](T old) { return static_cast<T>(old + v); });                     \
	}                                                                                          \
	T __tsan_atomic##bits##_fetch_sub(volatile T *p, T v, int order)                           \
	{                                                                                          \
		return change("fetch_sub", p, order,                                               \
			      [=](T old) { return static_cast<T>(old - v); });                     \
	}                                                                                          \
	T __tsan_atomic##bits##_fetch_or(volatile T *p, T v, int order)                            \
	{                                                                                          \
		return change("fetch_or", p, order,                                                \
			      [=](T old) { return static_cast<T>(old | v); });                     \
	}                                                                                          \
	T __tsan_atomic##bits##_fetch_and(volatile T *p, T v, int order)                           \
	{                                                                                          \
		return change("fetch_and", p, order,                                               \
			      [=](T old) { return static_cast<T>(old & v); });                     \
	}                                                                                          \
	bool __tsan_atomic##bits##_compare_exchange_strong(volatile T *p, T *expected, T v,        \
							   int order, int failure)                 \
	{                                                                                          \
		return compare_exchange(p, expected, v, order, failure);                           \
	}                                                                                          \
	bool __tsan_atomic##bits##_compare_exchange_weak(volatile T *p, T *expected, T v,          \
							 int order, int failure)                   \
	{                                                                                          \
		return compare_exchange(p, expected, v, order, failure);                           \
	}                                                                                          \
	T __tsan_atomic##bits##_compare_exchange_val(volatile T *p, T expected, T v, int order,    \
						     int failure)                                  \
	{                                                                                          \
		compare_exchange(p, &expected, v, order, failure);                                 \
		return expected;                                                                   \
	}
ATOMIC(8, u8)
ATOMIC(16, u16)
ATOMIC(32, u32)
ATOMIC(64, u64)
}
