// SPDX-License-Identifier: GPL-2.0
// refused: no lock-free atomic has this size
#include <atomic>

struct pair {
	long a, b;
};

pair refused(std::atomic<pair> &object)
{
	return object.load();
}
