/* SPDX-License-Identifier: BSD-2-Clause */

/* The programs of a bundle and their cases. What cannot be read ends the runner by die(). */

#ifndef SHMCHECK_SUITE_H
#define SHMCHECK_SUITE_H

#include <stdbool.h>
#include <stddef.h>

#include "case_list.h"
#include "manner.h"
#include "run_case.h"

/* The name, as Kyua has it, of the only case of a program that cannot be listed. */
#define UNLISTED "__test_cases_list__"

/* The program that checks whether the areas of --require are there. */
#define AREAS_PROGRAM "tests/areas_test"

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
	bool is_running;
	bool has_ended;        /* in an earlier run that is resumed */
	unsigned begun;        /* how many times it has begun there and not ended */
	bool was_alone;        /* nothing else was running at one of these times */
	bool was_alone_before; /* the same without the last of them */
};

struct suite {
	const char *top; /* absolute */
	struct test_program *programs;
	size_t program_count;
	struct suite_case *cases; /* by program, in the order of definition */
	size_t case_count;
};

/* Read the file "programs" at the top: a line each, with a tab and the reason where the program could not be built. */
void suite_read(struct suite *, const char *top);

/*
 * List the cases of the programs that the words name (case_words.h), or of all when there is none, and keep those named.
 * Ends the runner if no program at all can list its cases. Returns false when a signal came.
 */
bool suite_list(struct suite *, const struct manner *, const char *const *words, size_t count);

/* What the case requires of the runner and does not have: why it is skipped, for the caller to free. Null if it has all. */
char *atf_requirement_lacking(const struct listed_case *);

#endif
