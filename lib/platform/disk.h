/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What a disk has of a file, past all that the system keeps of it in memory: by root of Linux, in a file system that writes
 * data to the blocks that it names, FS_IOC_FIEMAP. Nothing is written. Elsewhere all of this fails with ENOSYS.
 */

#ifndef SHMCHECK_PLATFORM_DISK_H
#define SHMCHECK_PLATFORM_DISK_H

#include <stdbool.h>
#include <stdint.h>

#include <sys/types.h>

/*
 * Open the disk with the file system of this file, to read multiples of the page, with O_DIRECT. -1 with errno, which is ENOTSUP
 * for other file systems than ext2 to ext4 and XFS, and where these write data to a journal first.
 */
int open_disk_of(int fd);

/*
 * Where the byte of the file at "offset" is on its disk, and how many bytes of the file follow one another there. False with
 * errno: ENODATA if the disk has nothing of it yet.
 */
bool find_on_disk(int fd, off_t offset, uint64_t *where, uint64_t *length);

#endif
