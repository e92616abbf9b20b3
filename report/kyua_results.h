/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_REPORT_KYUA_RESULTS_H
#define SHMCHECK_REPORT_KYUA_RESULTS_H

#include "results.h"

/*
 * Read Kyua's database at the path into the results, which are empty. Returns null, or a sentence about the error, which the
 * caller frees; the results may have some of the cases then.
 */
char *kyua_results_load(struct results *, const char *path);

#endif
