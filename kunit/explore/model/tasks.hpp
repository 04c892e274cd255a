// SPDX-License-Identifier: GPL-2.0
//
// What the files of the model share.
#pragma once

#include "kernel.hpp"

struct bridge_link;

namespace kernel
{
// A place in a table, the same whoever comes first: it is what steps are told apart by.
inline unsigned long slot_of(const void *address)
{
	return reinterpret_cast<unsigned long>(address) * 0x9E3779B97F4A7C15ul >> 48;
}

constexpr int task_count = 16; // by the number of the fiber
extern task_struct tasks[task_count];

void reset_sched();
// For a lock in static storage, where nobody knows with whom it shares a place until the explorer is linked.
void keep_place(const void *lock);
void check_sched_at_end();
void check_freed(const void *memory, unsigned long size);
void reset_time();
void check_timers_freed(const void *memory, unsigned long size);
void check_timers_at_end();
void reset_pool();
void check_items_freed(const void *memory, unsigned long size);
void check_pool_at_end();
void synchronize_rcu_tasks();
void reset_kthread();
void reset_cpus();
void reset_locks();
void reset_bridge();
void reset_module();
void check_module_at_end();
void bridge_module_remove_polled(bridge_link *link);
} // namespace kernel
