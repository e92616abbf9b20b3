/* SPDX-License-Identifier: BSD-2-Clause */

#include <string.h>

#include "area.h"
#include "text.h"

const struct title areas[AREAS] = {
	{ "sysv", "System V segments" },
	{ "posix", "POSIX objects" },
	{ "mmap", "mmap and its family" },
	{ "sync", "synchronization" },
	{ "lifecycle", "lifecycles" },
	{ "platform", "the platform itself" },
};

const char *
area_title(const char *name)
{
	for (size_t i = 0; i < AREAS; i++)
		if (strcmp(areas[i].name, name) == 0)
			return areas[i].title;
	return name;
}

/* The last directory of the path; empty if it has none. */
static struct slice
directory(const char *path)
{
	const char *end = strrchr(path, '/');

	if (end == NULL)
		return (struct slice){ path, 0 };
	const char *start = end;
	while (start > path && start[-1] != '/')
		start--;
	return (struct slice){ start, (size_t)(end - start) };
}

/* A run that was started in sysv/ has the program's bare name as its path. Then the absolute path tells the area. */
char *
area_of(const char *program, const char *absolute)
{
	struct slice place = directory(program);

	if (strchr(program, '/') != NULL && !slice_equals(place, "tests"))
		return text_copy(place);
	place = directory(absolute);
	for (size_t i = 0; i < AREAS; i++)
		if (slice_equals(place, areas[i].name))
			return text_copy(place);
	return text_copy(slice_of("platform"));
}
