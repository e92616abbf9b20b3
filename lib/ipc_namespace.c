/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdbool.h>
#include <stdio.h>

#include <sys/stat.h>

#include "check.h"
#include "ipc_namespace.h"
#include "platform/namespaces.h"
#include "segment.h"

/* 0 where it can't be told. */
static ino_t
namespace_number(void)
{
	struct stat status;

	return stat("/proc/self/ns/ipc", &status) == 0 ? status.st_ino : 0;
}

static bool is_private;

void
enter_new_ipc_namespace(void)
{
	ino_t outer = namespace_number();

	if (unshare(CLONE_NEWIPC) == -1)
		end_skipped("needs the right to make an IPC namespace: %s", errno_name(errno));
	if (outer == 0 || namespace_number() == outer)
		end_skipped("cannot tell that unshare() made an IPC namespace");
	is_private = true;
	need_room_for_segments(); /* a filter refuses calls here as well */
}

static FILE *
open_limit(const char *name, const char *mode)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/sys/kernel/%s", name);
	file = fopen(path, mode);
	if (file == NULL)
		end_skipped("cannot open %s: %s", path, errno_name(errno));
	return file;
}

unsigned long
ipc_limit(const char *name)
{
	unsigned long value = 0;
	FILE *file = open_limit(name, "r");
	int got = fscanf(file, "%lu", &value);

	fclose(file);
	if (got != 1)
		end_failed("cannot read the limit %s", name);
	return value;
}

void
ipc_limit_set(const char *name, unsigned long value)
{
	FILE *file;

	if (!is_private)
		end_failed("%s of the whole system is not ours to set", name);
	file = open_limit(name, "w");
	if (fprintf(file, "%lu\n", value) < 0 || fclose(file) != 0)
		end_failed("cannot set the limit %s to %lu: %s", name, value, errno_name(errno));
}
