// SPDX-License-Identifier: GPL-2.0
#include <linux/completion.h>
#include <linux/kfifo.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/sched/task.h>
#include <linux/semaphore.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "bench.h"

static DEFINE_MUTEX(mutex);
static DEFINE_SPINLOCK(spinlock);
static DECLARE_COMPLETION(completion);
static struct semaphore semaphore = __SEMAPHORE_INITIALIZER(semaphore, 1);

unsigned long long c_mutex(unsigned int n)
{
	unsigned long long begin = bench_clock();

	while (n--) {
		mutex_lock(&mutex);
		barrier();
		mutex_unlock(&mutex);
	}
	return bench_clock() - begin;
}

unsigned long long c_spinlock(unsigned int n)
{
	unsigned long long begin = bench_clock();

	while (n--) {
		spin_lock(&spinlock);
		barrier();
		spin_unlock(&spinlock);
	}
	return bench_clock() - begin;
}

unsigned long long c_irqsave(unsigned int n)
{
	unsigned long long begin = bench_clock();
	unsigned long flags;

	while (n--) {
		spin_lock_irqsave(&spinlock, flags);
		barrier();
		spin_unlock_irqrestore(&spinlock, flags);
	}
	return bench_clock() - begin;
}

unsigned long long c_completion(unsigned int n)
{
	unsigned long long begin = bench_clock();

	while (n--) {
		complete(&completion);
		wait_for_completion(&completion);
	}
	return bench_clock() - begin;
}

unsigned long long c_semaphore(unsigned int n)
{
	unsigned long long begin = bench_clock();

	while (n--) {
		down(&semaphore);
		up(&semaphore);
	}
	return bench_clock() - begin;
}

static DEFINE_KFIFO(fifo, int, 16);
static DECLARE_WAIT_QUEUE_HEAD(readers);
static DECLARE_WAIT_QUEUE_HEAD(writers);

static bool put(int value)
{
	unsigned long flags;
	bool done;

	spin_lock_irqsave(&spinlock, flags);
	done = kfifo_put(&fifo, value);
	spin_unlock_irqrestore(&spinlock, flags);
	if (done)
		wake_up(&readers);
	return done;
}

static bool get(int *value)
{
	unsigned long flags;
	bool done;

	spin_lock_irqsave(&spinlock, flags);
	done = kfifo_get(&fifo, value);
	spin_unlock_irqrestore(&spinlock, flags);
	if (done)
		wake_up(&writers);
	return done;
}

unsigned long long c_channel(unsigned int n)
{
	unsigned long long begin = bench_clock();
	int value;

	while (n--) {
		wait_event_idle_exclusive(writers, put(n));
		wait_event_idle_exclusive(readers, get(&value));
	}
	return bench_clock() - begin;
}

static struct task_struct *threads[2];
static DECLARE_WAIT_QUEUE_HEAD(changed);
static int turn;
static unsigned long long took;

/* With the mutex held; false when the thread shall stop. */
static bool wait_for_turn(int mine)
{
	while (turn != mine && !kthread_should_stop()) {
		DEFINE_WAIT(wait);

		prepare_to_wait_exclusive(&changed, &wait, TASK_IDLE);
		mutex_unlock(&mutex);
		if (!kthread_should_stop())
			schedule();
		finish_wait(&changed, &wait);
		if (kthread_should_park())
			kthread_parkme();
		mutex_lock(&mutex);
	}
	return !kthread_should_stop();
}

static void pass_turn(int to)
{
	turn = to;
	wake_up(&changed);
}

static int answer(void *unused)
{
	mutex_lock(&mutex);
	while (wait_for_turn(1))
		pass_turn(0);
	mutex_unlock(&mutex);
	return 0;
}

static int ask(void *data)
{
	unsigned int left = *(unsigned int *)data;
	unsigned long long begin = bench_clock();

	mutex_lock(&mutex);
	do
		pass_turn(1);
	while (wait_for_turn(0) && --left);
	mutex_unlock(&mutex);
	took = bench_clock() - begin;
	bench_reach();
	return 0;
}

unsigned long long c_condition(unsigned int n)
{
	turn = 0;
	threads[0] = kthread_create(ask, &n, "bench");
	if (IS_ERR(threads[0]))
		return 0;
	threads[1] = kthread_create(answer, NULL, "bench");
	if (IS_ERR(threads[1])) {
		kthread_stop(threads[0]);
		return 0;
	}
	get_task_struct(threads[0]);
	wake_up_process(threads[1]);
	bench_settle();
	wake_up_process(threads[0]);
	bench_await(1);
	kthread_stop(threads[1]);
	kthread_stop(threads[0]);
	put_task_struct(threads[0]);
	return took;
}
