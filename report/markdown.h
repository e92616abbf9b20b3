/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_REPORT_MARKDOWN_H
#define SHMCHECK_REPORT_MARKDOWN_H

#include <stdio.h>

#include "expected.h"
#include "results.h"

/*
 * Write the page as GitHub's Markdown. The comparison may be null. With "all", every skipped case is named. The caller checks
 * the stream for errors.
 */
void markdown_print(FILE *, const struct results *, const struct comparison *, bool all);

#endif
