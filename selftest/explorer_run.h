/* SPDX-License-Identifier: BSD-2-Clause */

/* Runs shmcheck-explore, for the tests of it. */

#ifndef SHMCHECK_EXPLORER_RUN_H
#define SHMCHECK_EXPLORER_RUN_H

#include <limits.h>

#include <atf-c.h>

#define CHECK_HAS(file, pattern) ATF_CHECK(atf_utils_grep_file(pattern, file))

/* The root of what was built; find_top() first. */
extern char top[PATH_MAX];
void find_top(const atf_tc_t *);

/* Returns the exit status of the command. Its output goes to the files "output" and "errors". */
int run(const char *format, ...) __attribute__((__format__(__printf__, 1, 2)));

/* The same of shmcheck-explore with these arguments; and with what is to be put before it. */
int explore(const char *before, const char *arguments);

/* What breaks the platform for the explorer, or skips the test. Static memory. */
const char *violation(const char *name);

/* The lines of a file; those that are operations. */
unsigned lines_in(const char *file);
unsigned operations_in(const char *file);

#endif
