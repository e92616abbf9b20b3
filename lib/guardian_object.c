/* SPDX-License-Identifier: BSD-2-Clause */

#include <fcntl.h>
#include <unistd.h>

#include <sys/mman.h>

#include "guardian.h"
#include "guardian_name.h"
#include "platform/object_place.h"
#include "platform.h"

static int
status_of_object(const char *name, struct stat *status)
{
	char path[GUARDED_NAME_SIZE + 16];
	int fd;
	int result;

	if (object_path(name, path, sizeof(path)))
		return lstat(path, status);
	fd = shm_open(name, O_RDONLY, 0);
	if (fd == -1)
		return -1;
	result = fstat(fd, status);
	close(fd);
	return result;
}

static bool
remove_object(struct entry *entry)
{
	return guardian_remove_name(entry, status_of_object, shm_unlink);
}

__attribute__((constructor)) static void
objects_are_removed(void)
{
	guardian_removes(OBJECT, remove_object, NULL);
}

void
guardian_owns_object_name(const char *name)
{
	guardian_tell_name(OBJECT, name, -1);
}

void
guardian_owns_object(const char *name, int fd)
{
	guardian_tell_name(OBJECT, name, fd);
}
