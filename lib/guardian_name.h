/* SPDX-License-Identifier: BSD-2-Clause */

/* For lib/guardian_*.c: things that are removed by name, if the name still is that of what the case made. */

#ifndef SHMCHECK_GUARDIAN_NAME_H
#define SHMCHECK_GUARDIAN_NAME_H

#include <sys/stat.h>

#include "guardian_kind.h"

/* Tell the guardian the name, and what has that name: open as fd, or unknown if fd is -1. */
void guardian_tell_name(enum entry_kind, const char *name, int fd);

/* Remove what has the name of this entry, if it is the case's own. status and remove return 0, or -1 with errno. */
bool guardian_remove_name(
    const struct entry *, int (*status)(const char *, struct stat *), int (*remove)(const char *));

#endif
