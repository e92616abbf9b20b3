/* SPDX-License-Identifier: BSD-2-Clause */

/* For run_case.c: the directory and the files of a run, what they say when it has ended, and their removal. */

#ifndef SHMCHECK_RUN_PLACES_H
#define SHMCHECK_RUN_PLACES_H

#include <stdbool.h>
#include <stddef.h>

#include "platform.h"
#include "run.h"

struct run_places {
	char work[PATH_MAX];   /* its directory; it exists already only for a cleanup */
	char result[PATH_MAX]; /* its result file, which does not exist yet */
	char output[PATH_MAX];
	char errors[PATH_MAX]; /* "": the same file as the output */
};

/* In this scratch directory, under names that have this number in them. The output and errors are where the run wants them. */
struct run_places places_of(const char *scratch, unsigned long number, const struct run *);

/* Remove the directory with all that is in it, and the files that the caller has not asked for. */
void places_forget(const struct run_places *, const struct run *);

/* Remove a directory with all that is in it. It need not exist. */
void remove_tree(const char *path);

/* How the run has ended, by the status of its process and by its files: sets its result and its reason. */
void places_judge(const struct run_places *, struct run *, int status, bool timed_out);

#endif
