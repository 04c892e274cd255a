// SPDX-License-Identifier: GPL-2.0
// refused: the KTHREADXX_OPAQUE has fewer bytes than its object takes
#include "kthread/jthread.hpp"
#include "kthread/opaque.hpp"

struct device {
	KTHREADXX_OPAQUE(thread, 16);
};

void refused(device &d)
{
	kthread::opaque_member<&device::thread, kthread::static_jthread<>>::construct(d);
}
