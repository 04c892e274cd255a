// SPDX-License-Identifier: GPL-2.0
// refused: use of deleted function
#include "kthread/rcu.hpp"

struct settings {
	int speed;
};

int refused(const kthread::rcu_ptr<settings> &current)
{
	const settings *s = current.get(kthread::rcu_read_guard());

	return s ? s->speed : 0;
}
