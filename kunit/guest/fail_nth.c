// SPDX-License-Identifier: GPL-2.0
/*
 * fail_nth THREAD N FILE TEXT: loads a module with these parameters, or writes the text to another
 * file, while the N-th allocation of a thread fails, or of itself if that is "self". Prints the
 * errno and how many allocations were to go until that one. A program of its own, as a shell
 * allocates memory too, and as busybox's insmod tries a second time when the first has failed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static void die(const char *what)
{
	perror(what);
	exit(2);
}

int main(int argc, char **argv)
{
	char path[64], left[16] = "";
	int file, fail, error;
	ssize_t done;

	if (argc != 5)
		return 2;
	snprintf(path, sizeof(path), "/proc/%s/fail-nth", argv[1]);
	fail = open(path, O_RDWR | O_CLOEXEC);
	if (fail < 0)
		die(path);
	file = open(argv[3], strstr(argv[3], ".ko") ? O_RDONLY : O_WRONLY);
	if (file < 0)
		die(argv[3]);
	if (write(fail, argv[2], strlen(argv[2])) < 0)
		die(path);
	if (strstr(argv[3], ".ko"))
		done = syscall(SYS_finit_module, file, argv[4], 0);
	else
		done = write(file, argv[4], strlen(argv[4]));
	error = done < 0 ? errno : 0;
	if (pread(fail, left, sizeof(left) - 1, 0) < 0 || pwrite(fail, "0", 1, 0) < 0)
		die(path);
	printf("%d %s", error, left);
	return 0;
}
