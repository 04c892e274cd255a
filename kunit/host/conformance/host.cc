// SPDX-License-Identifier: GPL-2.0
//
// What the tests call of the kernel, on the host, where each has one thread.
extern "C" void conformance_failed(const char *file, int line, const char *what)
{
	__builtin_printf("%s:%d: not met: %s\n", file, line, what);
	__builtin_abort();
}
extern "C" void cxxrt_wait_var(const void *, bool (*changed)(const void *), const void *context)
{
	while (!changed(context))
		;
}
extern "C" void cxxrt_wake_var(const void *) {}
