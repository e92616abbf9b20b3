/* SPDX-License-Identifier: BSD-2-Clause */

/* The programs of a bundle and their cases. If something cannot be read, die() ends the runner. */

#ifndef SHMCHECK_SUITE_H
#define SHMCHECK_SUITE_H

#include <stdbool.h>
#include <stddef.h>

#include "case_list.h"
#include "manner.h"
#include "run_case.h"

/* The only case of a program that cannot be listed; Kyua has the same name. */
#define UNLISTED "__test_cases_list__"

/* The program that checks whether the areas of --require are there. */
#define AREAS_PROGRAM "tests/areas_test"

struct test_program {
	char *path;   /* from the list of programs: "tests/sysv/shmget_test" */
	char *file;   /* absolute */
	char *absent; /* why it could not be built for this platform, or null */
	char *list;   /* what it wrote for -l, or null; the cases' properties are parts of it */
	bool is_wanted;
};

struct suite_case {
	const struct test_program *program;
	char *id;                  /* "tests/sysv/shmget_test:excl_existing_key" */
	const char *name;          /* the end of it */
	struct listed_case listed; /* no properties for UNLISTED */
	bool is_decided;           /* it does not run: result and reason are known */
	enum result result;
	char *reason;
	bool is_running;
	bool has_ended;        /* in the run that is resumed */
	unsigned begun;        /* how many times it began in that run and did not end */
	bool was_alone;        /* no other case was running at one of these times */
	bool was_alone_before; /* the same without the last of these times */
};

struct suite {
	const char *top; /* absolute */
	struct test_program *programs;
	size_t program_count;
	struct suite_case *cases; /* by program, in the order of definition */
	size_t case_count;
};

/* Read the file "programs" at the top: a program on each line, with a tab and the reason if it could not be built. */
void suite_read(struct suite *, const char *top);

/*
 * List the cases that the words name (case_words.h), or all cases if there is no word. Ends the runner if no program can list
 * its cases. Returns false if a signal came.
 */
bool suite_list(struct suite *, const struct manner *, const char *const *words, size_t count);

/* A program that can list its cases; null if there is none. */
const struct test_program *suite_listed_program(const struct suite *);

/* Why the case is skipped because the runner lacks what it requires, for the caller to free. Null if nothing lacks. */
char *atf_requirement_lacking(const struct listed_case *);

#endif
