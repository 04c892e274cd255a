// SPDX-License-Identifier: GPL-2.0
#include "body.h"

#include "kthread/static_object.hpp"
#include "kthread/worker.hpp"

using namespace std::chrono_literals;

namespace
{
class debounce
{
public:
	explicit debounce(kthread::worker made) : worker_(std::move(made)) {}

	void event()
	{
		if (!events_++)
			first_.queue();
		// Each event puts it off.
		last_.mod(300ms);
	}

private:
	struct tell_of_last {
		std::atomic<unsigned int> &events;
		// No event is left if the item ran between the two steps of the last one.
		void operator()() const
		{
			if (const auto counted = events.exchange(0))
				debounce_is_over(counted);
		}
	};

	std::atomic<unsigned int> events_{0};
	kthread::worker worker_;
	kthread::work<void (*)()> first_{worker_, debounce_begins};
	kthread::delayed_work<tell_of_last> last_{worker_, tell_of_last{events_}};
};

constinit kthread::static_object<debounce> events;
} // namespace

int debounce_start()
{
	return kthread::to_errno(events.emplace(kthread::worker::run("debounce")));
}

void debounce_stop()
{
	events.reset();
}

void debounce_event()
{
	events->event();
}
