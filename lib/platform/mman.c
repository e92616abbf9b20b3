/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform/mman.h"

long
locked_bytes(void)
{
	long kilobytes = -1;
	char line[256];
	FILE *status = fopen("/proc/self/status", "re");

	if (status == NULL)
		return -1;
	while (fgets(line, sizeof(line), status) != NULL)
		if (strncmp(line, "VmLck:", 6) == 0)
			kilobytes = strtol(line + 6, NULL, 10);
	fclose(status);
	return kilobytes == -1 ? -1 : kilobytes * 1024;
}
