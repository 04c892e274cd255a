// SPDX-License-Identifier: GPL-2.0
//
// What main.c calls, of threads and tasks alike.
#include "beating.hpp"

[[gnu::cold]] int heartbeat_start(const heartbeat_options *options, unsigned int threads,
				  unsigned int period_us, unsigned int log, unsigned int breaktrace,
				  bool paused)
{
	const auto started =
		options->method == HEARTBEAT_TASK
			? start_tasks(*options, threads, period_us, log, breaktrace, paused)
			: start_threads(*options, threads, period_us, log, breaktrace, paused);

	return kthread::to_errno(started);
}

[[gnu::cold]] void heartbeat_stop()
{
	stop_tasks();
	stop_threads();
}

[[gnu::cold]] int heartbeat_set_threads(unsigned int threads)
{
	return kthread::to_errno(beating::one->set_threads(threads));
}

[[gnu::cold]] int heartbeat_set_period(unsigned int period_us)
{
	beating::one->set_period(period_us);
	return 0;
}

[[gnu::cold]] int heartbeat_set_log(unsigned int log)
{
	beating::one->set_log(log);
	return 0;
}

[[gnu::cold]] int heartbeat_set_breaktrace(unsigned int breaktrace)
{
	beating::one->set_breaktrace(breaktrace);
	return 0;
}

[[gnu::cold]] int heartbeat_reset(unsigned int)
{
	beating::one->reset();
	return 0;
}

[[gnu::cold]] int heartbeat_set_paused(unsigned int paused)
{
	beating::one->set_paused(paused);
	return 0;
}

[[gnu::cold]] void heartbeat_cpu_offline(unsigned int cpu)
{
	beating::one->cpu_offline(cpu);
}

[[gnu::cold]] void heartbeat_cpu_online(unsigned int cpu)
{
	beating::one->cpu_online(cpu);
}

[[gnu::cold]] void heartbeat_for_each(void (*show)(const heartbeat_status *status, void *data),
				      void *data)
{
	beating::one->for_each(show, data);
}
