/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "place.h"

void
complain(const char *what)
{
	fprintf(stderr, "init: %s: %s\n", what, strerror(errno));
}

int
open_console(void)
{
	int fd = open("/dev/console", O_RDWR | O_NOCTTY);

	if (fd == -1)
		return -1;
	for (int to = STDIN_FILENO; to <= STDERR_FILENO; to++)
		dup2(fd, to);
	if (fd > STDERR_FILENO)
		close(fd);
	return 0;
}

void
make_directory(const char *path)
{
	if (mkdir(path, 0755) == -1 && errno != EEXIST)
		complain(path);
}
