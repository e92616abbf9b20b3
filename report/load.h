/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_REPORT_LOAD_H
#define SHMCHECK_REPORT_LOAD_H

#include "results.h"

/*
 * Read the results at the path: a database of Kyua or a file of shmcheck-run, which its first bytes tell. The file is not
 * changed. Returns null, or why that is not possible: a sentence that names the path, for the caller to free. A file without
 * any case is an error. Free the results in either case.
 */
char *results_load(struct results *, const char *path);

#endif
