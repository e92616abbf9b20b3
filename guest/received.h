/* SPDX-License-Identifier: BSD-2-Clause */

/* The results file of a guest, which comes in pieces. */

#ifndef RECEIVED_H
#define RECEIVED_H

#include <stdbool.h>
#include <stddef.h>

/* Make the file, empty. Returns false, with errno, on an error. */
bool received_open(const char *file);

/* Take a piece at that offset; it may have come already. What has come without a gap is written to the file. */
void received_put(size_t offset, const char *data, size_t size);

/* Take what the guest sends at its end: "SIZE STATUS". Returns false for anything else. */
bool received_end(const char *text, int *status);

/* Whether the whole file has come; whether a case has begun. */
bool received_all(void);
bool received_begun(void);

/* The cases that have begun and not ended, with commas between them; "none" if there are none. */
const char *received_running(void);

/* The guest was ended while it made progress: the cases that run have no result, runner/results_file.h. */
void received_interrupted(void);

/* Returns whether everything could be written. */
bool received_close(void);

#endif
