/* SPDX-License-Identifier: BSD-2-Clause */

/* What the statements of several rows do to memory. */

#ifndef SHMCHECK_EFFECTS_H
#define SHMCHECK_EFFECTS_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>

/* Put a private copy, readable and writable, in the place of these pages, all of which can be read. */
void make_private(void *start, size_t length);

/* The same for all shared mappings and attachments that this process knows to have; for those of segments alone. */
void make_everything_private(void);
void make_attachments_private(void);

/* Map other pages in the place of these: new ones, or those of the file from this offset on. */
void put_zeros(void *start, size_t length, int protection, int sharing);
void put_file(void *start, size_t length, int protection, int sharing, int fd, off_t offset);

/* Whether the page is in memory. */
bool is_resident(void *page);

/* The size of a file, or -1 when the descriptor is closed. */
off_t file_size(int fd);

/* Unmap all shared mappings and attachments, by munmap(), which on Linux detaches. */
void lose_everything_shared(void);

#endif
