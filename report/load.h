/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_REPORT_LOAD_H
#define SHMCHECK_REPORT_LOAD_H

#include "results.h"

/*
 * Read the results at the path: a database of Kyua or a file of shmcheck-run. The first bytes tell which. A file without any
 * result is an error. Returns null, or a sentence about the error, which the caller frees. The caller frees the results in both
 * cases.
 */
char *results_load(struct results *, const char *path);

#endif
