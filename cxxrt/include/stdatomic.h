// SPDX-License-Identifier: GPL-2.0
//
// Of C++23: the atomics by the names that C has.
#pragma once

#include <atomic>

#define _Atomic(T) std::atomic<T>
using std::atomic_compare_exchange_strong, std::atomic_compare_exchange_weak;
using std::atomic_exchange, std::atomic_exchange_explicit;
using std::atomic_fetch_add, std::atomic_fetch_sub, std::atomic_fetch_and, std::atomic_fetch_or;
using std::atomic_fetch_xor, std::atomic_thread_fence, std::atomic_signal_fence;
using std::atomic_flag, std::atomic_bool, std::atomic_char, std::atomic_int, std::atomic_uint;
using std::atomic_load, std::atomic_load_explicit, std::atomic_store, std::atomic_store_explicit;
using std::atomic_long, std::atomic_ulong, std::atomic_llong, std::atomic_ullong;
using std::atomic_size_t, std::atomic_ptrdiff_t, std::atomic_intptr_t, std::atomic_uintptr_t;
using std::memory_order, std::memory_order_relaxed, std::memory_order_acquire;
using std::memory_order_release, std::memory_order_acq_rel, std::memory_order_seq_cst;
