/* SPDX-License-Identifier: BSD-2-Clause */

/* The results file of shmcheck-run, which runner/results_file.h describes. */

#ifndef SHMCHECK_REPORT_RUNNER_RESULTS_H
#define SHMCHECK_REPORT_RUNNER_RESULTS_H

#include "results.h"

/*
 * Read the file, whose bytes these are, into the results, which are empty. The bytes are changed, and not needed after. Returns
 * null, or what is wrong with the file: a sentence that names the path, for the caller to free.
 */
char *runner_results_load(struct results *, char *bytes, size_t length, const char *path);

#endif
