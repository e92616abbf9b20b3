/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdio.h>
#include <string.h>

#include <sys/utsname.h>

#include "platform/c_library.h"
#include "platform/compiler.h"
#include "platform/description.h"
#include "platform/identity.h"
#include "platform/machine.h"
#include "platform/shm.h"

const char *
platform_description(void)
{
	static char line[512];
	struct utsname name;
	int used;

	if (line[0] != '\0')
		return line;
	if (uname(&name) == -1)
		snprintf(line, sizeof(line), "%s, %s, %s, page size %zu", platform_name(platform()), platform_libc(),
		    platform_compiler(), page_size());
	else
		snprintf(line, sizeof(line), "%s %s, %s, %s, %s, page size %zu", name.sysname, name.release,
		    platform_libc(), platform_compiler(), name.machine, page_size());
	used = (int)strlen(line);
	if (SHMLBA != 0)
		snprintf(line + used, sizeof(line) - (size_t)used, ", SHMLBA %zu", (size_t)SHMLBA);
	return line;
}
