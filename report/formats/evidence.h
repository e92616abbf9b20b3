/* SPDX-License-Identifier: BSD-2-Clause */

/* What a format for machines tells of how a case ended. */

#ifndef SHMCHECK_REPORT_EVIDENCE_H
#define SHMCHECK_REPORT_EVIDENCE_H

#include "expected.h"
#include "results.h"

/* Return "holds", "deviates", "defect", "fails", "broken" or "skipped". */
const char *outcome_name(enum outcome);

/*
 * Whether the case fails, and nobody expects it to. A failure is expected if the case declares a deviation or a known defect, or
 * if it is in the file of --expect. The comparison may be null.
 */
bool fails_unexpectedly(const struct results *, const struct comparison *, const struct result *);

/* Whether the case failed or broke as the file of --expect says, or declares that it deviates or is a known defect. */
bool fails_expectedly(const struct results *, const struct comparison *, const struct result *);

/*
 * Return why the failure is expected: "documented deviation: Linux: ...", "known defect: Linux: ..." or "expected failure: ...".
 * In one line, clean. The caller frees it.
 */
char *expected_reason(const struct result *);

/* Return what was seen of a case that failed or broke, and what its checks wrote: clean lines. The caller frees it. */
char *evidence_lines(const struct result *);

/* The two parts: what was seen, in one line; and what the checks wrote, lines that may be none. */
char *evidence_seen(const struct result *);
char *evidence_messages(const struct result *);

#endif
