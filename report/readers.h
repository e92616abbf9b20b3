/* SPDX-License-Identifier: BSD-2-Clause */

/* What reads each form of results, and what the readers share. results_load() chooses among them. */

#ifndef SHMCHECK_REPORT_READERS_H
#define SHMCHECK_REPORT_READERS_H

#include "results.h"

/* What the first line of a text results file starts with; the version of the format follows. */
#define TEXT_MAGIC "Format: shmcheck-results"

/*
 * Append what the database or the file holds to the results, which are empty. Returns null, or why that was not possible: a
 * sentence that names the path, for the caller to free. The bytes are the whole file; they are changed, and not needed after.
 */
char *kyua_load(struct results *, const char *path);
char *text_load(struct results *, char *bytes, size_t length, const char *path);

/* The outcome for Kyua's word for it. Returns false for a word that this program has never heard of. */
bool outcome_of_type(const char *type, enum outcome *);

/* Free what the result holds. */
void result_free(struct result *);

#endif
