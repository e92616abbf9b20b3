/* SPDX-License-Identifier: BSD-2-Clause */

#include <unistd.h>

#include "guardian.h"
#include "guardian_name.h"

static bool
remove_file(struct entry *entry)
{
	return guardian_remove_name(entry, lstat, unlink);
}

__attribute__((constructor)) static void
files_are_removed(void)
{
	guardian_removes(REGULAR_FILE, remove_file, NULL);
}

void
guardian_owns_file_name(const char *path)
{
	guardian_tell_name(REGULAR_FILE, path, -1);
}

void
guardian_owns_file(const char *path, int fd)
{
	guardian_tell_name(REGULAR_FILE, path, fd);
}
