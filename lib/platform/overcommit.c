/* SPDX-License-Identifier: BSD-2-Clause */

#include <fcntl.h>
#include <unistd.h>

#include "platform/overcommit.h"

int
overcommit_mode(void)
{
	int fd = open("/proc/sys/vm/overcommit_memory", O_RDONLY);
	char digit = '0';

	if (fd == -1)
		return 0;
	if (read(fd, &digit, 1) != 1)
		digit = '0';
	close(fd);
	return digit - '0';
}
