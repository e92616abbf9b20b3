/* SPDX-License-Identifier: BSD-2-Clause */

/* Sentences of the page in any form. The caller frees them. They may have control characters: see text_clean(). */

#ifndef SHMCHECK_REPORT_SUMMARY_H
#define SHMCHECK_REPORT_SUMMARY_H

#include "expected.h"
#include "results.h"

/* That the run was cut short; empty if it was not. */
char *summary_cut_short(const struct results *);

/* The platform, in one line. */
char *summary_platform(const struct results *);

/* How many cases and programs ran, and how long they took. */
char *summary_size(const struct results *);

/* How many cases have which outcome, and which areas were not looked at: one sentence or more. */
char *summary_words(const struct results *);

/* Whether the outcomes are the expected ones. */
char *summary_comparison(const struct comparison *);

/* How many cases the file of expectations names that did not run. */
char *summary_not_run(const struct comparison *);

#endif
