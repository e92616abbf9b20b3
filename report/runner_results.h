/* SPDX-License-Identifier: BSD-2-Clause */

/* The results file of shmcheck-run. runner/results_file.h describes its format. */

#ifndef SHMCHECK_REPORT_RUNNER_RESULTS_H
#define SHMCHECK_REPORT_RUNNER_RESULTS_H

#include "results.h"

/*
 * Read the bytes of the file at the path into the results, which are empty. The bytes are changed, and not needed afterwards.
 * Returns null, or a sentence about the error, which the caller frees.
 */
char *runner_results_load(struct results *, char *bytes, size_t length, const char *path);

#endif
