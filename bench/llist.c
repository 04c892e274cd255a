// SPDX-License-Identifier: GPL-2.0
/* A queue by hand, on llist: the least that a driver needs without cancel and flush of an item. */
#include <linux/bitops.h>
#include <linux/kthread.h>
#include <linux/llist.h>

#include "bench.h"

struct item {
	struct llist_node node;
	unsigned long queued;
	void (*run)(struct item *item);
};

static LLIST_HEAD(inbox);
static struct task_struct *thread;
static struct item *items;
static unsigned int runs;

static noinline void queue(struct item *item)
{
	if (!test_and_set_bit(0, &item->queued) && llist_add(&item->node, &inbox))
		wake_up_process(thread);
}

static void serve(void)
{
	struct llist_node *all = llist_reverse_order(llist_del_all(&inbox));
	struct item *item, *next;

	llist_for_each_entry_safe(item, next, all, node) {
		clear_bit(0, &item->queued);
		/* The item may be queued from here on, and then runs once more. */
		smp_mb__after_atomic();
		item->run(item);
		cond_resched();
	}
}

static int server(void *unused)
{
	for (;;) {
		set_current_state(TASK_IDLE);
		if (llist_empty(&inbox)) {
			if (kthread_should_stop())
				break;
			schedule();
		}
		__set_current_state(TASK_RUNNING);
		serve();
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

static void count(struct item *item)
{
	++runs;
}

static void produce(unsigned int first, unsigned int n)
{
	for (; n; --n, ++first)
		queue(&items[first]);
}

unsigned long long llist_work_produce(unsigned int n, unsigned int producers)
{
	unsigned long long begin = 0;
	unsigned int i;

	items = bench_memory(n * sizeof(*items));
	if (!items)
		return 0;
	thread = kthread_run(server, NULL, "bench");
	if (!IS_ERR(thread)) {
		for (i = 0; i < n; ++i)
			items[i].run = count;
		runs = 0;
		bench_settle();
		begin = bench_produce(producers, n, produce);
		/* It runs the items that are left first. */
		kthread_stop(thread);
		begin = begin && runs == n ? bench_clock() - begin : 0;
	}
	bench_free(items);
	return begin;
}
