/* SPDX-License-Identifier: BSD-2-Clause */

/* Runs shmcheck-run on a small bundle of its own, for the tests of the runner. */

#ifndef SHMCHECK_RUNNER_RUN_H
#define SHMCHECK_RUNNER_RUN_H

#include <atf-c.h>

/* Make the bundle "suite" in the current directory, with the specimen in it. */
void make_bundle(const atf_tc_t *);

/*
 * Add a program of a few lines of shell that lists one case, "one", with these properties, and runs the command "body" or
 * "cleanup", in which $r is the path of the result and $@ are the arguments.
 */
void add_program(const char *name, const char *properties, const char *body, const char *cleanup);

/* Run the bundle with these arguments. Standard output and error go to the files "output" and "errors". Returns the status. */
int run_suite(const char *format, ...) __attribute__((__format__(__printf__, 1, 2)));

/* The file has a line, or has none, that the pattern matches. */
#define CHECK_HAS(file, pattern)   ATF_CHECK(atf_utils_grep_file(pattern, file))
#define CHECK_LACKS(file, pattern) ATF_CHECK(!atf_utils_grep_file(pattern, file))

#endif
