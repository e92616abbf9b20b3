/* SPDX-License-Identifier: BSD-2-Clause */

/* What the statements of several rows do to memory. */

#ifndef SHMCHECK_EFFECTS_H
#define SHMCHECK_EFFECTS_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>

/* Of longer memory rows that copy it make no copy: that takes seconds. */
#define COPIED_AT_MOST ((size_t)1 << 24)

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

/*
 * Store SPOILED as the first and the last byte of each page that is in memory, of all shared mappings, all private ones or
 * all attachments that this process knows to have and may store to.
 */
enum { SPOILED = 0x5a };
void spoil_shared_mappings(void);
void spoil_private_mappings(void);
void spoil_attachments(void);

/* The same without the first byte, where a lock may be. */
void spoil_last_bytes_of_shared_mappings(void);
void spoil_last_bytes_of_attachments(void);

/* The same for one range, whether its pages are in memory or not. */
struct known_range;
void spoil_range(const struct known_range *);

/* The same for one byte, which need not be there. */
void spoil_byte(char *);

/* The first bytes of the file, object or segment that the range shows become zero. */
void clear_what_it_shows(const struct known_range *);

/* Unmap all shared mappings and attachments, by munmap(), which on Linux detaches. */
void lose_everything_shared(void);

#endif
