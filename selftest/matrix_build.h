/* SPDX-License-Identifier: BSD-2-Clause */

/* A small stand-in for a build, of shell scripts, and the matrix run on it. For its test. */

#ifndef SHMCHECK_MATRIX_BUILD_H
#define SHMCHECK_MATRIX_BUILD_H

#include <stddef.h>

#include <atf-c.h>

/* The programs. */
#define SHMGET  "tests/sysv/shmget_test"
#define SHMDT   "tests/sysv/shmdt_test"
#define SHMOPEN "tests/posix/shm_open_test"

/* Make it in the working directory, with 4 cases, of which 3 need a violation, and 3 violations. All holds. */
void build(void);

/*
 * Add lines to a file of the build:
 *	cases		PROGRAM:CASE LEVEL REQUIREMENT ...
 *	rows		VIOLATION REQUIREMENT
 *	effects		VIOLATION PROGRAM:CASE OUTCOME		the last one counts; "engine" is the engine without a
 *								violation, "nothing" no engine
 *			VIOLATION PROGRAM:CASE OUTCOME untraced	else what has an outcome is traced
 *			VIOLATION visible OUTCOME		what the direct check says: unseen, always_seen, crashed
 *	fails		VIOLATION LINE				a case that it fails prints the failed check of this line
 * Outcomes are passed, failed, skipped, skipped_again (for another reason), crashed and silent.
 */
void add(const char *file, const char *lines);

#define WITH(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* Run the matrix with arguments, judges(tc, "...", WITH(".")). Its last line is this, and its status agrees with it. */
void judges(const atf_tc_t *tc, const char *totals, const char *const *arguments);

/* It can't run, and says so in this line. */
void refuses(const atf_tc_t *tc, const char *complaint, const char *const *arguments);

/* Extended regular expressions, matched line by line with what the matrix printed. */
#define SHOWN(pattern)     ATF_CHECK_MSG(atf_utils_grep_file("%s", "out", pattern), "not shown: %s", pattern)
#define NOT_SHOWN(pattern) ATF_CHECK_MSG(!atf_utils_grep_file("%s", "out", pattern), "shown: %s", pattern)

#endif
