// SPDX-License-Identifier: GPL-2.0
// refused: setup, cleanup, park and unpark are public, and each is one function
#include "kthread/percpu_threads.hpp"

namespace
{
class calls
{
	static void park(unsigned int) {}

public:
	static bool should_run(unsigned int) { return false; }
	static void run(unsigned int) {}
};
} // namespace

auto refused(kthread::percpu_threads<calls> &threads)
{
	return threads.start("refused/%u");
}
