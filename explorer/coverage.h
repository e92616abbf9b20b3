/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What was reached: how often a rule of the model decided of an operation, and in which class of worlds. The explorer prefers
 * what it has met least.
 */

#ifndef SHMCHECK_COVERAGE_H
#define SHMCHECK_COVERAGE_H

#include <stdio.h>

#include "model/question.h"

/* Of an operation and a rule, where another rule allowed something else. */
struct choice {
	unsigned allowed; /* so often the rule did so, too */
	unsigned chosen;  /* and so often it is what came back */
};

struct coverage {
	struct setting setting; /* of the platform */
	unsigned *counts;       /* of each operation, rule and class */
	struct choice *choices; /* of each operation and rule */
};

struct coverage coverage_begin(const struct setting *);
void coverage_end(struct coverage *);

/* How often the operation met the rule in a class of worlds. */
unsigned *coverage_counter(const struct coverage *, unsigned kind, const struct rule *, unsigned class);
struct choice *coverage_choice(const struct coverage *, unsigned kind, const struct rule *);

/* How often the operation met the rule in such a world; note what came back, by this rule of those that are allowed. */
unsigned coverage_count(const struct coverage *, const struct world *, const struct operation *, const struct rule *);
void coverage_add(struct coverage *, const struct world *, const struct operation *, const struct outcomes *allowed,
    const struct rule *);

/* All of another platform or run, too. */
void coverage_join(struct coverage *, const struct coverage *other);

/* Of the rules, and of the operations in classes of worlds: how often, or why never. It takes some seconds. */
void coverage_report(FILE *, const struct coverage *);

/* What the platform chose where the documents leave it open: of one operation, if it had a choice; of all of them. */
enum { CHOICE_SIZE = 1000 };
bool coverage_print_choice(const struct coverage *, enum operation_kind, char *text, size_t size);
void coverage_report_choices(FILE *, const struct coverage *);

/* The same as lines, for coverage_merge(). */
void coverage_save(FILE *, const struct coverage *);

/*
 * Read the files of these names, a null pointer behind the last; report what they have reached together, and how the platforms
 * differ that they are of. Ends the program if one of them cannot be read. Returns 0.
 */
unsigned coverage_merge(char *const *paths, FILE *to);

#endif
