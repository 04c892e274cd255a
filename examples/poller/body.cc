// SPDX-License-Identifier: GPL-2.0
#include "body.h"

#include "kthread/jthread.hpp"
#include "kthread/static_object.hpp"
#include "kthread/ticker.hpp"

namespace
{
class poller
{
public:
	explicit poller(unsigned int period_ms) : every_(std::chrono::milliseconds(period_ms)) {}

	kthread::result<void> start()
	{
		return thread_.run("poller", [this](kthread::stop_token stop) {
			while (every_.wait(stop))
				++polls_;
			return 0;
		});
	}

	kthread::result<void> set_period(unsigned int period_ms)
	{
		auto done = every_.set_period(std::chrono::milliseconds(period_ms));

		// The thread looks at the new period, even if it would sleep for long.
		thread_.wake();
		return done;
	}

	[[nodiscard]] unsigned long polls() const { return polls_; }

private:
	kthread::ticker every_;
	std::atomic<unsigned long> polls_{0};
	// The last member: it is destroyed first, and its body uses the others.
	kthread::static_jthread<sizeof(void *)> thread_;
};

constinit kthread::static_object<poller> polling;
} // namespace

int poller_start(unsigned int period_ms)
{
	return kthread::to_errno(polling.emplace(period_ms));
}

int poller_set_period(unsigned int period_ms)
{
	return kthread::to_errno(polling->set_period(period_ms));
}

unsigned long poller_polls()
{
	return polling->polls();
}

void poller_stop()
{
	polling.reset();
}
