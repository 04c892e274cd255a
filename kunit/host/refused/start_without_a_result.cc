// SPDX-License-Identifier: GPL-2.0
// refused: start() returns a kthread::result<void>
#include "kthread/static_object.hpp"

struct driver {
	void start();
};
constinit kthread::static_object<driver> object;

int refused()
{
	return kthread::to_errno(object.emplace());
}
