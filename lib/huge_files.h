/* SPDX-License-Identifier: BSD-2-Clause */

/* Files of huge pages, in a hugetlbfs of Linux that a child mounts for itself. */

#ifndef SHMCHECK_HUGE_FILES_H
#define SHMCHECK_HUGE_FILES_H

#include <stddef.h>

#include "huge_pages.h"

/* A child can mount one, with CAP_SYS_ADMIN of the whole system. The case NEEDS_HUGE_PAGES first, as many as it mounts. */
#define NEEDS_HUGE_FILES NEED("a private hugetlbfs", .ask = need_huge_files)

void need_huge_files(void);

/*
 * In a child: enter a mount namespace with a hugetlbfs for this number of huge pages, which goes with the child and its
 * files. Skips the case where the system refuses; the case fails where unshare() or mount() returns 0 and does nothing.
 */
void mount_huge_files(unsigned pages);

/* The directory of the files. */
extern const char huge_files_directory[];

/* A new file there, with this name and size; the descriptor of one that is there. Ends the case as failed if there is none. */
int huge_file_create(const char *name, size_t size);
int huge_file_open(const char *name);

/* Remove its name. */
void huge_file_unlink(const char *name);

#endif
