/* SPDX-License-Identifier: BSD-2-Clause */

/* The table of the page: how many cases of each level and area have which outcome, and what its words mean. */

#ifndef SHMCHECK_REPORT_TABLE_H
#define SHMCHECK_REPORT_TABLE_H

#include <stdio.h>

#include "results.h"

/* Write the table as text or as GitHub's Markdown. The caller checks the stream for errors. */
void table_print(FILE *, const struct results *);
void table_print_markdown(FILE *, const struct results *);

#endif
