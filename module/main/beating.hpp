// SPDX-License-Identifier: GPL-2.0
//
// All that beat: threads of their own, or tasks on a few threads. heartbeat.h says what the functions do.
#pragma once

#include "heartbeat.h"
#include "kthread/errno.hpp"
#include "measured.hpp"

class beating
{
public:
	// The one that there is, from its construction to its destruction.
	static inline constinit beating *one = nullptr;

	beating(const beating &) = delete;
	beating &operator=(const beating &) = delete;

	virtual kthread::result<void> set_threads(unsigned int wanted) = 0;
	virtual void set_period(unsigned int period_us) = 0;
	virtual void set_paused(bool paused) = 0;
	virtual void cpu_offline(unsigned int cpu) = 0;
	virtual void cpu_online(unsigned int cpu) = 0;
	virtual void reset() = 0;
	virtual void for_each(void (*show)(const heartbeat_status *status, void *data),
			      void *data) const = 0;

	void set_log(unsigned int log) { live_.log = log; }
	void set_breaktrace(unsigned int breaktrace) { live_.breaktrace = breaktrace; }

protected:
	beating(const heartbeat_options &options, unsigned int period_us, unsigned int log,
		unsigned int breaktrace, bool paused)
		: options_(options), period_us_(period_us), live_{log, breaktrace}, paused_(paused)
	{
		one = this;
	}
	~beating() { one = nullptr; }

	const heartbeat_options &options_;
	unsigned int period_us_;
	live_settings live_;
	bool paused_;
};

// heartbeat_start() and heartbeat_stop() for threads of their own, and for tasks.
kthread::result<void> start_threads(const heartbeat_options &options, unsigned int threads,
				    unsigned int period_us, unsigned int log,
				    unsigned int breaktrace, bool paused);
void stop_threads();
kthread::result<void> start_tasks(const heartbeat_options &options, unsigned int tasks,
				  unsigned int period_us, unsigned int log, unsigned int breaktrace,
				  bool paused);
void stop_tasks();
