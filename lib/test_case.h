/* SPDX-License-Identifier: BSD-2-Clause */

/* What the macro CASE of case.h makes of a declaration. */

#ifndef SHMCHECK_TEST_CASE_H
#define SHMCHECK_TEST_CASE_H

#include <atf-c.h>

enum level {
	SHALL,      /* POSIX requires it: a violation fails */
	DOCUMENTED, /* a manual of this platform promises it: a violation fails; on other platforms the case is skipped */
	MAY,        /* POSIX leaves a choice between named outcomes: another outcome fails; the choice is recorded */
	OBSERVED    /* implementation-defined or unspecified: only an insane outcome fails; what was seen is recorded */
};

/* CASE makes one and links it into the program's list before main(). */
struct test_case {
	atf_tc_t tc; /* first: ATF hands it back to the head and the body */
	const char *interface;
	const char *const *interface_needs; /* ends with a null pointer */
	const char *name;
	enum level level;
	const char *sentence;
	const char *const *sources; /* ends with a null pointer */
	void (*body)(void);
	struct test_case *next;
};

#endif
