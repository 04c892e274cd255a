// SPDX-License-Identifier: GPL-2.0
#include "priority.h"

#include "kthread/worker.hpp"

using namespace std::chrono_literals;

namespace
{
using item = kthread::work<void (*)()>;
using delayed_item = kthread::delayed_work<void (*)()>;

struct objects {
	kthread::worker worker;
	item measured, other;
	delayed_item later;

	objects(kthread::worker &&made, void (*call)())
		: worker(std::move(made)), measured(worker, call), other(worker, [] {}),
		  later(worker, [] {})
	{
	}
};
objects *all;

int begin(void (*measured)())
{
	auto worker = kthread::worker::create("fifo");

	if (!worker)
		return kthread::to_errno(worker);
	if (auto bound = worker->bind(0); !bound)
		return kthread::to_errno(bound);
	(void)worker->set_fifo();
	all = new (std::nothrow) objects(std::move(*worker), measured);
	return all ? 0 : static_cast<int>(kthread::errno_t::ENOMEM);
}

void queue()
{
	all->measured.queue();
}

void produce()
{
	all->other.queue();
}

void cancel()
{
	all->other.queue();
	all->other.cancel();
	all->later.queue_after(1h);
	all->later.cancel();
}

void end()
{
	delete all;
}
} // namespace

const struct priority_side priority_cxx = {
	.name = "kthread::worker",
	.begin = begin,
	.queue = queue,
	.produce = produce,
	.cancel = cancel,
	.end = end,
};
