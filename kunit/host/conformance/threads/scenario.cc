// SPDX-License-Identifier: GPL-2.0
//
// A test of libstdc++'s as a scenario of the explorer. scripts/conformance gives these names to the test's main() and
// to the section of its statics.
#include "scenario.hpp"

extern "C" {
int conformance_main();
extern unsigned char __start_conformance_statics[] __attribute__((weak));
extern unsigned char __stop_conformance_statics[] __attribute__((weak));

void conformance_failed(const char *file, int line, const char *what)
{
	explore::fail("%s:%d: not met: %s", file, line, what);
}
}

static unsigned char *first_frame;

void conformance_keeps_frames()
{
	auto *const frame = static_cast<unsigned char *>(__builtin_frame_address(0));

	explore::touch(frame, static_cast<unsigned long>(first_frame - frame), true);
}

// Each schedule finds the test's statics as the first one found them.
SCENARIO(conformance)
{
	static unsigned char at_first[256];
	static bool is_saved;
	const auto size =
		static_cast<std::size_t>(__stop_conformance_statics - __start_conformance_statics);

	expect(size <= sizeof(at_first), "there is room for the test's statics");
	if (is_saved)
		__builtin_memcpy(__start_conformance_statics, at_first, size);
	else
		__builtin_memcpy(at_first, __start_conformance_statics, size);
	is_saved = true;
	first_frame = static_cast<unsigned char *>(__builtin_frame_address(0));
	conformance_main();
}
