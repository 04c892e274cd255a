// SPDX-License-Identifier: GPL-2.0
#include "torture.hpp"

namespace torture
{
torturer::~torturer()
{
	leave();
}

bool torturer::make(unsigned int id)
{
	trail_ = id;
	threads_ = make_thread_torture();
	return threads_;
}

void torturer::leave()
{
	does("leave");
	if (threads_)
		destroy(std::exchange(threads_, nullptr));
}

void torturer::step(random &r)
{
	static constexpr struct {
		unsigned int weight;
		void (*torture)(torturer &self, random &r);
	} parts[] = {
		{45,
		 [](torturer &self, random &r) { torture_own_thread(self, *self.threads_, r); }},
		{25, torture_shared_thread},
		{2, torture_group},
		{2, torture_own_worker},
		{24, torture_shared_work},
		{2, torture_percpu},
		{4, torture_own_tasks},
		{20, torture_shared_tasks},
	};

	r.choose(parts).torture(*this, r);
}
} // namespace torture

namespace
{
using torture::torturer;

unsigned long long seed;
torturer *torturers;
} // namespace

int torture_begin(unsigned int count, unsigned long long chosen_seed)
{
	seed = chosen_seed;
	torturers = new (std::nothrow) torturer[count];

	bool made = torturers && torture::make_shared_threads() && torture::make_shared_work() &&
		    torture::make_percpu() && torture::make_shared_tasks();
	for (unsigned int i = 0; made && i < count; ++i)
		made = torturers[i].make(i);
	if (made)
		return 0;
	torture_end();
	return static_cast<int>(kthread::errno_t::ENOMEM);
}

void torture_end()
{
	delete[] torturers;
	torture::destroy_shared_tasks();
	torture::destroy_percpu();
	torture::destroy_shared_work();
	torture::destroy_shared_threads();
}

void torture_step(unsigned int id, unsigned long long step)
{
	torture::random r(seed, id, step);

	torturers[id].step(r);
}

void torture_leave(unsigned int id)
{
	torturers[id].leave();
}

void torture_interrupt(unsigned long long step)
{
	torture::random r(seed, TORTURERS_MAX, step);

	torture::interrupt_shared_thread(r);
	torture::interrupt_shared_work(r);
	torture::interrupt_percpu(r);
	torture::interrupt_shared_tasks(r);
}

const char *torture_doing(unsigned int id)
{
	return torturers[id].doing();
}

unsigned long long torture_trail(unsigned int id)
{
	return torturers[id].trail();
}
