/* SPDX-License-Identifier: BSD-2-Clause */

/* The results file of a guest, as it comes in pieces. */

#ifndef RECEIVED_H
#define RECEIVED_H

#include <stdbool.h>
#include <stddef.h>

/* Begin the file, empty. On an error return false, errno says why. */
bool received_open(const char *file);

/* A piece at that offset, which may have come already. What has come without a gap is in the file. */
void received_put(size_t offset, const char *data, size_t size);

/* What the guest sent at its end: "SIZE STATUS". Return whether it is that. */
bool received_end(const char *text, int *status);

/* Whether the whole file has come; whether a case has begun. */
bool received_all(void);
bool received_begun(void);

/* The cases that have begun and not ended, comma-separated; "none" if there are none. */
const char *received_running(void);

/* Return whether all that has come could be written. */
bool received_close(void);

#endif
