/* SPDX-License-Identifier: BSD-2-Clause */

/* The page for a terminal: what the results of a run say of the platform. */

#ifndef SHMCHECK_REPORT_PAGE_H
#define SHMCHECK_REPORT_PAGE_H

#include <stdio.h>

#include "expected.h"
#include "results.h"

/*
 * Write the page. The comparison may be null. With "all", every skipped case is named. The caller checks the stream for errors.
 */
void page_print(FILE *, const struct results *, const struct comparison *, bool all);

#endif
