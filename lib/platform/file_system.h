/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_PLATFORM_FILE_SYSTEM_H
#define SHMCHECK_PLATFORM_FILE_SYSTEM_H

#include <stddef.h>

/*
 * The type of the file system that has this directory, as the system names it: "ext4", "tmpfs", "fuse.bindfs", "ufs", "apfs".
 * On Linux from /proc/self/mountinfo, elsewhere from statfs() or statvfs(). "an unknown file system" where no call tells.
 * Stored into text.
 */
void file_system_type(const char *directory, char *text, size_t size);

#endif
