/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What was reached: how often a rule of the model decided of an operation, and in which class of worlds. The explorer prefers
 * what it has met least.
 */

#ifndef SHMCHECK_COVERAGE_H
#define SHMCHECK_COVERAGE_H

#include <stdio.h>

#include "model/question.h"

struct coverage {
	unsigned *counts;
};

struct coverage coverage_begin(void);

/* How often the operation met the rule in such a world; count it once more. */
unsigned coverage_count(const struct coverage *, const struct world *, const struct operation *, const struct rule *);
void coverage_add(struct coverage *, const struct world *, const struct operation *, const struct rule *);

/* The operations and rules that were reached: how often, and in how many classes; and the rules that were never reached. */
void coverage_write(FILE *, const struct coverage *);

/* The same as lines, for coverage_merge(). */
void coverage_save(FILE *, const struct coverage *);

/*
 * Read the files of these names, a null pointer behind the last, and write what they have reached together. Ends the program if
 * one of them cannot be read. Returns 0.
 */
unsigned coverage_merge(char *const *paths, FILE *to);

#endif
