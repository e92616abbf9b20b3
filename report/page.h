/* SPDX-License-Identifier: BSD-2-Clause */

/* The page that says how a run of the suite came out, for a terminal. */

#ifndef SHMCHECK_REPORT_PAGE_H
#define SHMCHECK_REPORT_PAGE_H

#include <stdio.h>

#include "expected.h"
#include "results.h"

/*
 * Write the page. The comparison may be null. "all" names every skipped case. Errors are left in the stream.
 */
void page_print(FILE *, const struct results *, const struct comparison *, bool all);

#endif
