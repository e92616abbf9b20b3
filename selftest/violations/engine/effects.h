/* SPDX-License-Identifier: BSD-2-Clause */

/* What the statements of several rows do to memory. */

#ifndef SHMCHECK_EFFECTS_H
#define SHMCHECK_EFFECTS_H

#include <stddef.h>

/* Put a private copy, readable and writable, in the place of these pages, all of which can be read. */
void make_private(void *start, size_t length);

/* The same for all shared mappings and attachments that this process knows to have; for those of segments alone. */
void make_everything_private(void);
void make_attachments_private(void);

/* Unmap all of them, by munmap(), which on Linux detaches. */
void lose_everything_shared(void);
void lose_attachments(void);

#endif
