/* SPDX-License-Identifier: BSD-2-Clause */

/* For lib/guardian_*.c: what is removed by its name, after a look whether that still names what the case made. */

#ifndef SHMCHECK_GUARDIAN_NAME_H
#define SHMCHECK_GUARDIAN_NAME_H

#include <sys/stat.h>

#include "guardian_kind.h"

/* Tell the name, and what has it where that is known: open as fd, or -1. */
void guardian_tell_name(enum entry_kind, const char *name, int fd);

/* Remove what has the name of this entry, if it is the case's own. The calls return 0, or -1 with errno. */
bool guardian_remove_name(
    const struct entry *, int (*status)(const char *, struct stat *), int (*remove)(const char *));

#endif
