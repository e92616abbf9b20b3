/* SPDX-License-Identifier: BSD-2-Clause */

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/param.h>
#include <sys/stat.h>

#include "platform/file_system.h"

static void
store(char *text, size_t size, const char *type)
{
	snprintf(text, size, "%s", type == NULL || type[0] == '\0' ? "an unknown file system" : type);
}

#if defined(__linux__)

/* Whether the directory is the one that is mounted there, or below it. */
static bool
is_below(const char *directory, const char *mount)
{
	size_t length = strlen(mount);

	return strcmp(mount, "/") == 0 ||
	    (strncmp(directory, mount, length) == 0 && (directory[length] == '/' || directory[length] == '\0'));
}

/*
 * The longest mount point that has the directory: of several mounts in one place the last line is on top. A line is
 * "36 35 98:0 /root /mount/point options optional fields - type source options", proc(5).
 */
void
file_system_type(const char *directory, char *text, size_t size)
{
	char line[2 * PATH_MAX];
	char longest[PATH_MAX] = "";
	char *real = realpath(directory, NULL);
	FILE *mounts = fopen("/proc/self/mountinfo", "r");

	store(text, size, NULL);
	while (real != NULL && mounts != NULL && fgets(line, sizeof(line), mounts) != NULL) {
		char mount[PATH_MAX];
		char type[64];
		const char *end = strstr(line, " - ");

		if (sscanf(line, "%*s %*s %*s %*s %4095s", mount) == 1 && is_below(real, mount) &&
		    strlen(mount) >= strlen(longest) && end != NULL && sscanf(end, " - %63s", type) == 1) {
			strcpy(longest, mount);
			store(text, size, type);
		}
	}
	if (mounts != NULL)
		fclose(mounts);
	free(real);
}

#elif defined(__NetBSD__) || defined(__sun)

#include <sys/statvfs.h>

#ifdef __sun
#define f_fstypename f_basetype
#endif

void
file_system_type(const char *directory, char *text, size_t size)
{
	struct statvfs place;

	store(text, size, statvfs(directory, &place) == 0 ? place.f_fstypename : NULL);
}

#elif defined(__FreeBSD__) || defined(__OpenBSD__) || defined(__DragonFly__) || defined(__APPLE__)

#include <sys/mount.h>

void
file_system_type(const char *directory, char *text, size_t size)
{
	struct statfs place;

	store(text, size, statfs(directory, &place) == 0 ? place.f_fstypename : NULL);
}

#else

void
file_system_type(const char *directory, char *text, size_t size)
{
	(void)directory;
	store(text, size, NULL);
}

#endif
