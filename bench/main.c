// SPDX-License-Identifier: GPL-2.0
/*
 * Each row is a file in debugfs, kthreadxx_bench/: who reads it has it measured. A line is what one
 * side took once for so many operations, and the sides take turns.
 */
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/timex.h>
#include <linux/vmalloc.h>

#include "row.h"

static bool counted;
module_param(counted, bool, 0444);
MODULE_PARM_DESC(counted, "the clock counts instructions");
static bool growing;
module_param(growing, bool, 0444);
MODULE_PARM_DESC(growing, "what is for the plots, instead of the table");

u64 bench_clock(void)
{
	/* In the emulator both count instructions, and that of x86 takes fewer. */
	return counted && IS_ENABLED(CONFIG_X86) ? get_cycles() : ktime_get_ns();
}

static DECLARE_COMPLETION(reached);

void bench_reach(void)
{
	complete(&reached);
}

void bench_await(unsigned int times)
{
	while (times--)
		wait_for_completion(&reached);
}

void bench_sleep(u64 us)
{
	ktime_t due = ktime_add_us(ktime_get(), us);

	set_current_state(TASK_UNINTERRUPTIBLE);
	schedule_hrtimeout(&due, HRTIMER_MODE_ABS);
}

static unsigned int settled;

void bench_settle(void)
{
	++settled;
	bench_sleep(counted ? 200 : 2000);
}

unsigned int bench_cpu(unsigned int i)
{
	return i % num_online_cpus();
}

void *bench_memory(unsigned long size)
{
	return vzalloc(size);
}

void bench_free(void *memory)
{
	vfree(memory);
}

unsigned long bench_allocated(unsigned long size)
{
	void *memory = kmalloc(size, GFP_KERNEL);
	size_t got = ksize(memory);

	kfree(memory);
	return got;
}

unsigned long bench_size_of(const void *memory)
{
	return ksize(memory);
}

u64 bench_period(unsigned int i)
{
	return 10000000ULL + (i * 2654435761U >> 8) % 990000 * 1000ULL;
}

static struct task_struct *spinner;
static u64 taken;
static bool spins;

static int spin(void *unused)
{
	u64 last = bench_clock();

	WRITE_ONCE(spins, true);
	while (!kthread_should_stop()) {
		u64 now;

		if (need_resched())
			schedule();
		now = bench_clock();
		/* A round of its own takes fewer. */
		if (now - last > 200)
			taken += now - last;
		last = now;
	}
	return 0;
}

void bench_spin(void)
{
	spinner = kthread_create(spin, NULL, "spin");
	if (IS_ERR(spinner))
		return;
	set_user_nice(spinner, MAX_NICE);
	WRITE_ONCE(spins, false);
	wake_up_process(spinner);
	/* Others may have work left, which the spinner misses if it begins later. */
	do {
		bench_settle();
	} while (!READ_ONCE(spins));
	taken = 0;
	settled = 0;
}

static u64 settling;

u64 bench_taken(void)
{
	u64 all;

	if (IS_ERR(spinner))
		return 0;
	bench_settle();
	all = taken - settled * settling;
	kthread_stop(spinner);
	return all;
}

/* What bench_settle() takes itself. */
static void calibrate(void)
{
	unsigned int i;

	bench_spin();
	for (i = 1; i < 1000; ++i)
		bench_settle();
	settling = div_u64(bench_taken(), settled);
}

struct part {
	void (*produce)(unsigned int first, unsigned int n);
	unsigned int first;
	unsigned int n;
};

static DECLARE_COMPLETION(begun);

static int producer(void *data)
{
	struct part *part = data;

	wait_for_completion(&begun);
	part->produce(part->first, part->n);
	bench_reach();
	return 0;
}

u64 bench_produce(unsigned int producers, unsigned int n,
		  void (*produce)(unsigned int first, unsigned int n))
{
	struct part parts[16];
	unsigned int i;
	u64 begin;

	for (i = 0; i < producers; ++i) {
		struct task_struct *thread;

		parts[i] = (struct part){produce, n / producers * i, n / producers};
		thread = kthread_run(producer, &parts[i], "producer/%u", i);
		if (IS_ERR(thread))
			break;
	}
	bench_settle();
	begin = bench_clock();
	complete_all(&begun);
	bench_await(i);
	reinit_completion(&begun);
	return i == producers ? begin : 0;
}

struct group {
	int (*start)(unsigned int n);
	void (*stop)(void);
};

static const struct group c_group = {c_group_start, c_group_stop};
static const struct group told_group = {c_group_start, c_group_tell_and_stop};
static const struct group cxx_group = {cxx_group_start, cxx_group_stop};
static const struct group tutorial_group = {tutorial_group_start, tutorial_group_stop};

static u64 start_took;

static u64 stop_group(const struct group *group, unsigned int n)
{
	static unsigned int phase;
	u64 begin = bench_clock();

	if (group->start(n))
		return 0;
	bench_await(n);
	start_took = bench_clock() - begin;
	/* At any time of a loop that sleeps for 2 s. */
	if (group == &tutorial_group)
		bench_sleep(phase++ * 410000 % 2000000);
	bench_settle();
	begin = bench_clock();
	group->stop();
	return bench_clock() - begin;
}

/* What a beat took, in nanoseconds: more than its period if some were missed. */
static u64 per_beat(u64 beats, unsigned int n, unsigned int period)
{
	return beats ? div64_u64(1000ULL * n * period * n, beats) : 0;
}

#define STOP(side)                                                                                 \
	static u64 side##_stop(unsigned int n)                                                     \
	{                                                                                          \
		return stop_group(&side##_group, n);                                               \
	}
#define BEATS(side, us)                                                                            \
	static u64 side##_beats_##us(unsigned int n)                                               \
	{                                                                                          \
		return per_beat(side##_beats(n, us), n, us);                                       \
	}

/* There and back is one operation of c_wait(), and two of cxx_jobs_wake(). */
static u64 c_jobs_wake(unsigned int n)
{
	return c_wait(n / 2);
}

#define JOBS_EXACT(side, jobs)                                                                     \
	static u64 side##_jobs_exact_##jobs(unsigned int n)                                        \
	{                                                                                          \
		return side##_jobs_exact(jobs, n);                                                 \
	}

STOP(c)
STOP(told)
STOP(cxx)
STOP(tutorial)
BEATS(c, 1000)
BEATS(cxx, 1000)
BEATS(tutorial, 1000)
BEATS(c, 10000)
BEATS(cxx, 10000)
BEATS(tutorial, 10000)
JOBS(c, 1000)
JOBS(c, 10000)
JOBS(c, 100000)
JOBS(cxx, 1000)
JOBS(cxx, 10000)
JOBS(cxx, 100000)
JOBS_EXACT(c, 1000)
JOBS_EXACT(c, 10000)
JOBS_EXACT(cxx, 1000)
JOBS_EXACT(cxx, 10000)
PRODUCE(c, 1)
PRODUCE(c, 2)
PRODUCE(c, 4)
PRODUCE(cxx, 1)
PRODUCE(cxx, 2)
PRODUCE(cxx, 4)
PRODUCE(wq, 1)
PRODUCE(llist, 1)
PRODUCE(wq, 2)
PRODUCE(unbound, 1)

static const char *const sides[] = {"reference", "ours", "tutorial"};

/* A goal above 1.005 has its reason in docs/costs.md. */
static const struct row counted_rows[] = {
	{BOTH(create), "create, wake, stop", INSNS, 200, 9, 1010},
	{BOTH(create_boxed), "the same, on the heap", INSNS, 200, 9, 1015},
	{BOTH(check), "look for a stop", INSNS, 1000, 20, 1005},
	{BOTH(yield), "yield, park, look for a stop", INSNS, 1000, 20, 1005},
	{BOTH(sleep), "sleep until a time", INSNS, 200, 9, 1005},
	{BOTH(sleep_woken), "sleep, woken before", INSNS, 200, 9, 1005},
	{BOTH(wait), "wake, and wait for a condition", INSNS, 200, 9, 1010},
	{BOTH(park), "park and unpark", INSNS, 400, 9, 1015},
	{BOTH(beat), "beat", INSNS, 200, 9, 1010},
	{BOTH(stop), "stop 1 thread: kthread_stop()", INSNS, 1, 20, 1080},
	{BOTH(stop), "stop 100 threads: kthread_stop() in a loop", INSNS, 100, 5},
	{{told_stop, cxx_stop}, "stop 100 threads: told by a flag", INSNS, 100, 5, 1020},
	{{told_stop, cxx_stop}, "stop 1000 threads: told by a flag", INSNS, 1000, 3, 1020},
	{BOTH(work_latency), "post to run: worker", INSNS, 1, 50, 1000},
	{{wq_work_latency, cxx_work_latency}, "post to run: ordered workqueue", INSNS, 1, 50},
	{BOTH(produce_1), "items, 1 producer: worker", INSNS, 8000, 6, 300},
	{{llist_produce_1, cxx_produce_1},
	 "items, 1 producer: llist by hand, no cancel",
	 INSNS,
	 8000,
	 6,
	 1600},
	{{wq_produce_1, cxx_produce_1}, "items, 1 producer: ordered workqueue", INSNS, 8000, 6},
	{{unbound_produce_1, cxx_produce_1},
	 "items, 1 producer: unbound workqueue",
	 INSNS,
	 8000,
	 6},
	{BOTH(mutex), "lock and unlock a mutex", INSNS, 1000, 20, 1005},
	{BOTH(spinlock), "lock and unlock a spinlock", INSNS, 1000, 20, 1005},
	{BOTH(irqsave), "the same, with interrupts off", INSNS, 1000, 20, 1005},
	{BOTH(completion), "complete and wait", INSNS, 1000, 20, 1005},
	{BOTH(semaphore), "acquire and release a semaphore", INSNS, 1000, 20, 1005},
	{BOTH(channel), "push to a channel and pop", INSNS, 1000, 20, 1005},
	{BOTH(condition), "notify, and wait for a condition", INSNS, 200, 9, 1005},
	{BOTH(jobs_100000), "beat of 100,000 jobs", INSNS, 100000, 1, 600},
	{BOTH(jobs_10000), "beat of 10,000 jobs", INSNS, 20000, 3, 950},
	{BOTH(jobs_1000), "beat of 1,000 jobs", INSNS, 5000, 3},
	{BOTH(jobs_exact_10000), "exact beat of 10,000 jobs", INSNS, 20000, 3, 1250},
	{BOTH(jobs_exact_1000), "exact beat of 1,000 jobs", INSNS, 5000, 3, 1250},
	{BOTH(jobs_create), "create 10,000 jobs", INSNS, 10000, 3},
	{BOTH(jobs_create_in_one), "create 10,000 jobs in memory allocated once", INSNS, 10000, 3},
	{BOTH(jobs_stop), "stop 10,000 jobs", INSNS, 10000, 3, 900},
	{BOTH(jobs_wake), "wake a waiting job, in C a thread", INSNS, 4000, 3, 72},
	{BOTH(jobs_call), "call a child task, in C kmalloc() and kfree()", INSNS, 10000, 5, 660},
	{BOTH(jobs_bytes), "memory of a job", "bytes", 1, 1, 2000},
	{BOTH(create_bytes), "memory of a thread on the heap", "bytes", 1, 1},
	{BOTH(work_bytes), "memory of an item", "bytes", 1, 1},
	{TAUGHT(beats_1000), "beat of 1 ms", VIRTUAL, 2000, 3, 1005},
	{TAUGHT(beats_10000), "beat of 10 ms", VIRTUAL, 200, 3, 1005, 550},
	{TAUGHT(stop), "stop 1 thread", VIRTUAL, 1, 20, 0, 1},
	{TAUGHT(stop), "stop 10 threads", VIRTUAL, 10, 20, 0, 1},
	{TAUGHT(stop), "stop 100 threads", VIRTUAL, 100, 3, 0, 1},
};

static const struct row timed_rows[] = {
	{BOTH(wait), "wake to run, on another CPU", "ns", 100, 50},
	{BOTH(work_latency), "post to run: worker", "ns", 1, 200},
	{{wq_work_latency, cxx_work_latency}, "post to run: ordered workqueue", "ns", 1, 200},
	{BOTH(produce_1), "items, 1 producer: worker", "ns", 40000, 15},
	{BOTH(produce_2), "items, 2 producers: worker", "ns", 40000, 15},
	{BOTH(produce_4), "items, 4 producers: worker", "ns", 40000, 15},
	{{wq_produce_1, cxx_produce_1}, "items, 1 producer: ordered workqueue", "ns", 40000, 15},
	{{wq_produce_2, cxx_produce_2}, "items, 2 producers: ordered workqueue", "ns", 40000, 15},
	{BOTH(stop), "stop 1 thread", "ns", 1, 20, .start = "start 1 thread"},
	{BOTH(stop), "stop 10 threads", "ns", 10, 20, .start = "start 10 threads"},
	{BOTH(stop), "stop 100 threads", "ns", 100, 9, .start = "start 100 threads"},
	{BOTH(stop), "stop 1000 threads", "ns", 1000, 3, .start = "start 1000 threads"},
	{{told_stop, cxx_stop}, "stop 100 threads: told by a flag", "ns", 100, 9},
	{{told_stop, cxx_stop}, "stop 1000 threads: told by a flag", "ns", 1000, 3},
	{BOTH(stop), "stop 10000 threads", "ns", 10000, 2, .start = "start 10000 threads"},
};

static const struct rows in_instructions = {counted_rows, ARRAY_SIZE(counted_rows)};
static const struct rows in_time = {timed_rows, ARRAY_SIZE(timed_rows)};

static void print(struct seq_file *file, const struct row *row, unsigned int side, u64 took)
{
	seq_printf(file, "%s\t%s\t%u\t%u\t%s\t%u\t%llu\n", row->name, row->unit, row->goal,
		   row->tutorial_goal, sides[side], row->n, took);
	if (row->start)
		seq_printf(file, "%s\t%s\t0\t0\t%s\t%u\t%llu\n", row->start, row->unit, sides[side],
			   row->n, start_took);
}

static int show(struct seq_file *file, void *unused)
{
	const struct row *row = file->private;
	unsigned int i, j;

	/* The first round is to warm up, where there are several. */
	for (i = row->samples == 1; i <= row->samples; ++i) {
		for (j = 0; j < ARRAY_SIZE(sides); ++j) {
			unsigned int side = i % 2 ? ARRAY_SIZE(sides) - 1 - j : j;
			u64 took;

			if (!row->side[side])
				continue;
			/* What was freed is really free then. */
			rcu_barrier();
			bench_settle();
			took = row->side[side](row->n);
			if (i)
				print(file, row, side, took);
		}
	}
	return 0;
}

static int row_open(struct inode *inode, struct file *file)
{
	/* What does not fit is shown again from the beginning. */
	return single_open_size(file, show, inode->i_private, 128 * 1024);
}

static const struct file_operations row_fops = {
	.owner = THIS_MODULE,
	.open = row_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};

static struct dentry *dir;

static int __init bench_init(void)
{
	const struct rows *rows = growing ? (counted ? &growing_jobs : &growing_items)
					  : (counted ? &in_instructions : &in_time);
	unsigned int i;
	char name[64];

	calibrate();
	dir = debugfs_create_dir("kthreadxx_bench", NULL);
	for (i = 0; i < rows->n; ++i) {
		snprintf(name, sizeof(name), "%02u %s", i, rows->row[i].name);
		debugfs_create_file(name, 0400, dir, (void *)&rows->row[i], &row_fops);
	}
	return 0;
}
module_init(bench_init);

static void __exit bench_exit(void)
{
	debugfs_remove(dir);
}
module_exit(bench_exit);

MODULE_DESCRIPTION("What threads in C++ cost, beside the same in C");
MODULE_LICENSE("GPL");
