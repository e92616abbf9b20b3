/* SPDX-License-Identifier: BSD-2-Clause */

/* The programs of a bundle and their cases. What cannot be read ends the runner by die(). */

#ifndef SHMCHECK_SUITE_H
#define SHMCHECK_SUITE_H

#include <stdbool.h>
#include <stddef.h>

#include "case_list.h"
#include "run_case.h"

/* The name, as Kyua has it, of the only case of a program that cannot be listed. */
#define UNLISTED "__test_cases_list__"

struct test_program {
	char *path;   /* as the list of programs has it: "tests/sysv/shmget_test" */
	char *file;   /* absolute */
	char *absent; /* why it could not be built for this platform, or null */
	char *list;   /* what it wrote for -l, of which the cases' properties are parts; or null */
	bool is_wanted;
};

struct suite_case {
	const struct test_program *program;
	char *id;                  /* "tests/sysv/shmget_test:excl_existing_key" */
	const char *name;          /* the end of it */
	struct listed_case listed; /* no properties for UNLISTED */
	bool is_decided;           /* it is not to be run: result and reason are these */
	enum result result;
	char *reason;
	bool has_ended; /* in an earlier run that is resumed */
	unsigned begun; /* how many times it has begun there and not ended */
	bool was_alone; /* then at least once nothing else was running */
};

struct suite {
	const char *top; /* absolute */
	struct test_program *programs;
	size_t program_count;
	struct suite_case *cases; /* by program, in the order of definition */
	size_t case_count;
};

/* How programs are run: the words of a wrapper, and more environment; null for neither. */
struct manner {
	const char *const *under;
	const char *const *environment;
	unsigned limit; /* seconds; 0: as each case asks */
};

/* Read the file "programs" at the top: a line each, with a tab and the reason where the program could not be built. */
void suite_read(struct suite *, const char *top);

/*
 * List the cases of the programs that the words name, or of all when there is none, and keep those named: "tests/sysv",
 * "tests/sysv/shmget_test", "tests/sysv/shmget_test:excl_existing_key". False when a signal came.
 */
bool suite_list(struct suite *, const struct manner *, char *const *words, size_t count);

/* What the case needs of the runner and cannot have: why it is skipped, for the caller to free; null when nothing lacks. */
char *need_of_case(const struct listed_case *);

#endif
