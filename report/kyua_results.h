/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_REPORT_KYUA_RESULTS_H
#define SHMCHECK_REPORT_KYUA_RESULTS_H

#include "results.h"

/*
 * Read Kyua's database at the path into the results, which are empty. Returns null, or why that is not possible: a sentence
 * that names the path, for the caller to free. The results may hold a part of the cases then.
 */
char *kyua_results_load(struct results *, const char *path);

#endif
