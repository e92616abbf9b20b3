/* SPDX-License-Identifier: BSD-2-Clause */

/* What any form of the page says, as text for the caller to free. None of it is cleaned of control characters. */

#ifndef SHMCHECK_REPORT_SUMMARY_H
#define SHMCHECK_REPORT_SUMMARY_H

#include "expected.h"
#include "results.h"

/* A sentence for a run that was cut short; empty for any other. */
char *summary_cut_short(const struct results *);

/* What the platform is, in one line. */
char *summary_platform(const struct results *);

/* How many cases and programs there are, and how long they took. */
char *summary_size(const struct results *);

/* How the cases came out, and which areas were not looked at: one sentence or more. */
char *summary_words(const struct results *);

/* Whether that is as expected: a sentence. */
char *summary_comparison(const struct comparison *);

/* How many of the cases that are expected to come out somehow were not run. */
char *summary_not_run(const struct comparison *);

#endif
