// SPDX-License-Identifier: GPL-2.0
#include "heartbeat.h"

#include <memory>

#include "kthread/jthread.hpp"

#define pr_info(format, ...) _printk("\0016kthreadxx: " format "\n" __VA_OPT__(, ) __VA_ARGS__)

using namespace std::chrono_literals;

namespace
{
class heartbeat
{
public:
	explicit heartbeat(std::chrono::microseconds period) : period_(period) {}

	kthread::result<void> start()
	{
		auto thread = kthread::jthread::create(
			"kthreadxx", [this](kthread::stop_token stop) { return beat(stop); });
		if (!thread)
			return std::unexpected(thread.error());
		thread_ = std::move(*thread);
		pr_info("created thread kthreadxx, pid %d", thread_.pid());
		thread_.wake();
		return {};
	}

	void stop()
	{
		pr_info("stopping");
		if (auto code = thread_.stop(); code)
			pr_info("stopped: result %d after %llu beats", *code, beats_);
		else
			pr_info("stopped before its first run");
	}

private:
	int beat(kthread::stop_token stop)
	{
		kthread::steady_clock::time_point logged;

		pr_info("running");
		while (!stop.stop_requested()) {
			++beats_;
			// One line a second at the most, or short periods would flood the log.
			const auto now = kthread::steady_clock::now();
			if (beats_ == 1 || now - logged >= 1s) {
				pr_info("beat %llu", beats_);
				logged = now;
			}
			stop.sleep_for(period_);
		}
		return 0;
	}

	const std::chrono::microseconds period_;
	unsigned long long beats_ = 0;
	kthread::jthread thread_;
};

heartbeat *beating;
} // namespace

int heartbeat_start(unsigned int period_us)
{
	auto created = std::make_unique<heartbeat>(std::chrono::microseconds(period_us));

	if (!created)
		return static_cast<int>(kthread::errno_t::ENOMEM);
	if (auto started = created->start(); !started)
		return kthread::to_errno(started);
	beating = created.release();
	return 0;
}

void heartbeat_stop()
{
	beating->stop();
	delete beating;
}
