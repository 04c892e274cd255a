// SPDX-License-Identifier: GPL-2.0
/*
 * Prints how many thousand times a second the processor's time stamp counter counts. scripts/guest tells
 * its guests, which cannot measure that on a host that is busy.
 */
#include <stdio.h>
#include <time.h>
#include <x86intrin.h>

struct moment {
	unsigned long long ticks;
	double ns;
};

/* Both clocks at once: the closest of many tries, as others may run in between. */
static struct moment now(void)
{
	struct moment closest = { 0 };
	unsigned long long least = ~0ull;

	for (int i = 0; i < 1000; ++i) {
		struct timespec time;
		const unsigned long long before = __rdtsc();

		clock_gettime(CLOCK_MONOTONIC_RAW, &time);
		const unsigned long long took = __rdtsc() - before;

		if (took < least) {
			least = took;
			closest.ticks = before + took / 2;
			closest.ns = time.tv_sec * 1e9 + time.tv_nsec;
		}
	}
	return closest;
}

int main(void)
{
	const struct moment start = now();

	nanosleep(&(struct timespec){ .tv_nsec = 200000000 }, NULL);
	const struct moment end = now();

	printf("%.0f\n", (end.ticks - start.ticks) / (end.ns - start.ns) * 1e6);
	return 0;
}
