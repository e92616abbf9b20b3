/* SPDX-License-Identifier: BSD-2-Clause */

/* The kill matrix: which violation fails which case. */

#ifndef SHMCHECK_MATRIX_H
#define SHMCHECK_MATRIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "run_case.h"

/* How something ended; "passed" while it has not run. */
struct ending {
	enum result result;
	char *reason; /* null while it has not run */
};

struct test_case {
	char *program;      /* an absolute path */
	char *id;           /* "tests/sysv/shmget_test:excl_existing_key" */
	const char *name;   /* "excl_existing_key", in id */
	char *area;         /* "sysv": the directory below tests/ */
	char *requirements; /* ids, separated by blanks */
	bool is_binding;    /* its level is SHALL or DOCUMENTED */
	char *exception;    /* why no violation can fail it, or null */
	struct ending without_engine;
	struct ending neutral; /* with the engine, which violates nothing */
};

struct violation {
	char *name;
	char *requirement;
	char *interface;
	char *kind;
	char *origin;
	bool is_chosen;
	struct ending seen;           /* its direct check with the engine: passed, it is seen */
	struct ending without_engine; /* failed: it is not seen */
};

/* A violation and a case. */
struct cell {
	bool can_affect; /* by the trace */
	struct ending ending;
};

struct matrix {
	const char *build;
	char *engine;
	char *visible;
	struct test_case *cases;
	size_t case_count;
	struct violation *violations;
	size_t violation_count;
	struct cell *cells;
	bool runs_all;          /* not only what can be affected */
	bool is_partial;        /* some violations only */
	bool is_unprivileged;   /* what does not show may be for root to see */
	const char **arguments; /* which, or whose interfaces */
	size_t argument_count;
	char **stray_exceptions; /* that name no SHALL or DOCUMENTED case */
	size_t stray_exception_count;
	size_t run_count;
	double seconds;
};

struct cell *cell_of(const struct matrix *, size_t violation, size_t test_case);

/* Run so many; "prepare" says what the run of that number is, "take" gets how it ended. Ends the program on a signal. */
void run_each(struct matrix *, size_t count, void (*prepare)(struct matrix *, size_t number, struct run *),
    void (*take)(struct matrix *, const struct run *));

/*
 * namespaces.c: have segments and objects of the matrix's own, where that is possible: what a violation leaves behind, as the
 * guardian takes it for another's, goes with them. False where this process has not the privileges.
 */
bool enter_namespaces(void);

/* inventory.c: what there is. They end the program when that cannot be told. */
void list_cases(struct matrix *);
void list_violations(struct matrix *);
/* Lines "case reason": the cases that no violation can fail, since only the kernel could. */
void read_exceptions(struct matrix *, const char *file);

/* requirement.c: "shmget.excl-existing-key" is a requirement of the interface shmget; so is "shmget", for this purpose. */
bool has_requirement(const struct test_case *, const char *requirement);
bool has_interface_of(const struct test_case *, const char *requirement);
bool has_same_interface(const char *requirement, const char *other);

/* Whether a violation of the requirement may fail the case: it is of the same or of a related area. */
bool is_related(const struct matrix *, size_t violation, const struct test_case *);

/* Whether the violation fails a case that holds without it. */
bool fails(const struct matrix *, size_t violation, size_t test_case);

/* Not when its requirement has cases, but none that holds here without it. */
bool can_be_judged(const struct matrix *, const struct violation *);

struct tally {
	size_t passed;
	size_t failed;
	size_t skipped;
};

/* judge.c: print what does not hold, and count. */
struct tally judge(const struct matrix *, FILE *);

/* matrix_table.c */
void print_table(const struct matrix *, FILE *);
void print_interfaces(const struct matrix *, FILE *);
void print_data(const struct matrix *, FILE *);
void print_summary(const struct matrix *, FILE *);

#endif
