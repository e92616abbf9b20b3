/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_REPORT_MARKDOWN_H
#define SHMCHECK_REPORT_MARKDOWN_H

#include <stdio.h>

#include "expected.h"
#include "results.h"

/*
 * Write the page as GitHub's Markdown. The comparison may be null. "all" names every skipped case. Errors are left in the
 * stream.
 */
void markdown_print(FILE *, const struct results *, const struct comparison *, bool all);

#endif
