/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The failures that a case expects, as its platform deviates or has a known defect. For lib/record.c and lib/case.c; bodies use
 * deviation.h.
 */

#ifndef SHMCHECK_EXPECTATION_H
#define SHMCHECK_EXPECTATION_H

#include <stdbool.h>

/*
 * Expect failures from here on, for this reason: "NetBSD: a hole gives EINVAL (NetBSD mmap(2))". "failures" is the number of
 * checks that have failed so far. If failures are expected already, the reason is one more. "always": the case must fail.
 */
void expectation_add(const char *reason, bool always, unsigned failures);

/* A check has failed, with this message. */
void expectation_note(const char *message);

/* The reasons, or "" where no failure is expected, or where some check failed before one was. */
const char *expectation_reasons(void);

/* Expect no failure any more. */
void expectation_drop(void);

/* Whether the case must fail. */
bool expectation_is_certain(void);

/*
 * Whether what failed is what the reasons tell. Where they name errors (EINVAL) or a signal (raises SIGSEGV), a failed check
 * must have seen one of those: a deviation of another kind is not the one that was declared.
 */
bool expectation_is_met(void);

#endif
