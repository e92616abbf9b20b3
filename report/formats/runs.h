/* SPDX-License-Identifier: BSD-2-Clause */

/* The runs of a report, one for each platform. */

#ifndef SHMCHECK_REPORT_RUNS_H
#define SHMCHECK_REPORT_RUNS_H

#include "results.h"

struct run {
	char *name;     /* of the platform, short: what --name said, or the start of the platform's line */
	bool is_named;  /* by --name */
	bool never_ran; /* the platform has no results, and is named to show that */
	const char *path;
	struct results results;
};

struct runs {
	struct run *all; /* in the order of the command line */
	size_t count;
};

/* Add a run whose results are at the path, which must outlive the runs. They are not read yet. The name may be null. */
void runs_add(struct runs *, const char *name, const char *path);

/* Read the results of all runs. Returns null, or a sentence about the first error, which the caller frees. */
char *runs_load(struct runs *);

/* Add a platform on which the suite has never run. The name must outlive the runs. */
void runs_add_never_run(struct runs *, const char *name);

/* Return how many are real runs. */
size_t runs_with_results(const struct runs *);

/* Return null, or a sentence about two runs of one name, which the caller frees. */
char *runs_of_one_name(const struct runs *);

void runs_free(struct runs *);

/*
 * Return the system, or the machine, of a platform's line such as
 * "Linux 6.1, glibc 2.36, gcc 12, x86_64, page size 4096, SHMLBA 4096". A part of the line; empty if it has none.
 */
struct slice platform_system(const char *platform);
struct slice platform_machine(const char *platform);

#endif
