/* SPDX-License-Identifier: BSD-2-Clause */

/* The matrix: which violation fails which case. */

#ifndef SHMCHECK_MATRIX_H
#define SHMCHECK_MATRIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "run_case.h"
#include "text.h"

/* How something ended; "passed" while it has not run. */
struct ending {
	enum result result;
	char *reason; /* null while it has not run */
};

struct matrix_case {
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

struct matrix_violation {
	char *name;
	char *requirement;
	char *interface;
	char *kind;
	char *origin;
	bool is_chosen;
	struct ending seen;           /* its direct check with the engine: passed, it is seen */
	struct ending without_engine; /* failed: it is not seen */
};

/* A line with a check. A violation must fail each of them. */
struct check_line {
	char *program; /* "tests/sysv/shmget_test" */
	unsigned long line;
	char *id;    /* "tests/sysv/shmget_test:excl_existing_key:2": the second of that case, or function */
	char *cases; /* names of those that reach it, separated by blanks; "excl" is "excl__removed" too; empty: all */
	char *text;  /* the line */
	char *exception; /* why no violation can fail it, or null */
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
	char *list_of_checks;
	struct matrix_case *cases;
	size_t case_count;
	struct matrix_violation *violations;
	size_t violation_count;
	struct cell *cells;
	struct check_line *check_lines; /* those of a program follow each other */
	size_t check_line_count;
	bool *line_failures;    /* of each violation all lines, whether it fails them */
	bool runs_all;          /* not only what can be affected */
	bool is_quick;          /* of violations that can affect many cases, a part, where that shows all */
	bool is_partial;        /* some violations only */
	bool is_unprivileged;   /* what does not show may be for root to see */
	const char **arguments; /* which, or whose interfaces */
	size_t argument_count;
	char **stray_exceptions; /* that name no SHALL or DOCUMENTED case and no check */
	size_t stray_exception_count;
	size_t run_count;
	double seconds;
};

struct cell *cell_of(const struct matrix *, size_t violation, size_t test_case);

/* Make this number of runs; "prepare" says what run number N is, "take" gets how it ended. Ends the program on a signal. */
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
/* Lines "case reason" or "check reason": what no violation can fail, since only the kernel could. */
void read_exceptions(struct matrix *, const char *file);

/* Take the next word, up to a tab, off the front. */
char *next_field(struct slice *line);

/* check_lines.c: read the list of checks, as list_checks writes it; take those that failed from what a case printed. */
void list_check_lines(struct matrix *, const char *file);
void take_failed_lines(struct matrix *, size_t violation, const char *output);
bool fails_line(const struct matrix *, size_t violation, size_t line);
bool is_failed_line(const struct matrix *, size_t line);
bool is_reached_by(const struct check_line *, const struct matrix_case *);
/* No violation fails the check, though a case that has it holds here. */
bool is_unfailed(const struct matrix *, size_t line);
/* The case and each of its checks fail under some violation, as far as one can fail them at all. */
bool is_shown(const struct matrix *, const struct matrix_case *);
void print_unfailed(const struct matrix *, FILE *);

/* matrix_runs.c: the cases without the engine; with it; the direct checks; the cases under violations. */
void run_without_engine(struct matrix *);
void run_neutral(struct matrix *);
void run_direct_checks(struct matrix *);
void run_violated(struct matrix *);

/* requirement.c: "shmget.excl-existing-key" is a requirement of the interface shmget; so is "shmget", for this purpose. */
bool has_requirement(const struct matrix_case *, const char *requirement);
bool has_interface_of(const struct matrix_case *, const char *requirement);
bool has_same_interface(const char *requirement, const char *other);

/* Whether a violation of the requirement may fail the case: it is of the same or of a related area. */
bool is_related(const struct matrix *, size_t violation, const struct matrix_case *);

/* Whether the violation fails a case that holds without it. */
bool fails(const struct matrix *, size_t violation, size_t test_case);

/* Not when its requirement has cases, but none that holds here without it. */
bool can_be_judged(const struct matrix *, const struct matrix_violation *);

struct judgement {
	size_t passed;
	size_t failed;
	size_t skipped;
};

/* judge.c: print what does not hold, and count. */
struct judgement judge(const struct matrix *, FILE *);

/* judge_lines.c: the same for checks. The file tells how many of a program's are not failed yet. */
void judge_check_lines(const struct matrix *, const char *gap_file, struct judgement *, FILE *);
/* Those of wanted cases, which the chosen violations leave. */
void list_unfailed_lines(
    const struct matrix *, bool (*is_wanted)(const struct matrix *, const struct matrix_case *), FILE *);

/* matrix_table.c */
void print_table(const struct matrix *, FILE *);
void print_interfaces(const struct matrix *, FILE *);
void print_data(const struct matrix *, FILE *);
void print_summary(const struct matrix *, FILE *);

#endif
