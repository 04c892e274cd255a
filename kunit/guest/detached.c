// SPDX-License-Identifier: GPL-2.0
/*
 * detached ROUNDS: loads the module kthreadxx_detached and unloads it, so often. The module is in
 * use until its threads have ended. A program, as each that a shell starts takes longer in a kernel
 * with checkers than a load.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define NAME "kthreadxx_detached"

static long rounds, the_round;

static void require(int holds, const char *what)
{
	if (holds)
		return;
	printf("round %ld of %ld: %s: %s\n", the_round, rounds, what, strerror(errno));
	exit(1);
}

static int unload(void)
{
	return syscall(SYS_delete_module, NAME, O_NONBLOCK);
}

static void let_thread_go(void)
{
	int leave = open("/sys/module/" NAME "/parameters/leave", O_WRONLY);

	require(unload() && errno == EAGAIN, "the thread does not keep the module");
	require(leave >= 0 && write(leave, "1", 1) == 1, "leave");
	close(leave);
}

/*
 * At once, so that it meets the end of the thread. It counts looks and not time, as the host may be
 * busy.
 */
static void unload_soon(void)
{
	const struct timespec pause = {.tv_nsec = 1000000};
	int looks;

	for (looks = 0; unload(); looks++) {
		require(errno == EAGAIN && looks < 30000, "the module is not unloaded");
		if (looks > 10)
			nanosleep(&pause, NULL);
	}
}

int main(int argc, char **argv)
{
	int module = open(NAME ".ko", O_RDONLY);
	FILE *console = fopen("/dev/console", "w");

	if (argc != 2 || module < 0 || !console)
		return 2;
	rounds = atol(argv[1]);
	for (the_round = 1; the_round <= rounds; the_round++) {
		require(!syscall(SYS_finit_module, module, "", 0), "load");
		let_thread_go();
		unload_soon();
		/* A guest from which nothing comes is taken for one that hangs. */
		if (the_round % 50 == 0) {
			fprintf(console, "# round %ld of %ld\n", the_round, rounds);
			fflush(console);
		}
	}
	printf("%ld rounds\n", rounds);
	return 0;
}
