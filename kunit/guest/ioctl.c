// SPDX-License-Identifier: GPL-2.0
/* ioctl FILE NUMBER */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>

int main(int argc, char **argv)
{
	int file = argc == 3 ? open(argv[1], O_RDONLY) : -1;

	return file < 0 || ioctl(file, strtoul(argv[2], NULL, 0), 0);
}
