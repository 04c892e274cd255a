// SPDX-License-Identifier: GPL-2.0
// refused: start() is public, and one function
#include "kthread/static_object.hpp"

// emplace() would not call it.
class driver
{
	kthread::result<void> start();
};
constinit kthread::static_object<driver> object;

int refused()
{
	return kthread::to_errno(object.emplace());
}
