/* SPDX-License-Identifier: BSD-2-Clause */

/* shmcheck-verdict, run by its tests. */

#ifndef SHMCHECK_VERDICT_RUN_H
#define SHMCHECK_VERDICT_RUN_H

#include <sys/types.h>

#include <atf-c.h>

/* Extended regular expressions, matched line by line with the file "out". */
#define SHOWN(pattern)     ATF_CHECK_MSG(atf_utils_grep_file("%s", "out", pattern), "not on the page: %s", pattern)
#define NOT_SHOWN(pattern) ATF_CHECK_MSG(!atf_utils_grep_file("%s", "out", pattern), "on the page: %s", pattern)

#define ARGUMENTS(...) ((const char *const[]){ __VA_ARGS__, NULL })

/*
 * Start the program with the arguments, a null pointer last; its output is in files of atf_utils_fork(), or that of standard
 * output in "destination", if that is not null.
 */
pid_t verdict_start(const atf_tc_t *, const char *const *arguments, const char *destination);

/* Run it: the page goes to the file "out", and nothing may go to standard error. */
void verdict_page(const atf_tc_t *, const char *const *arguments, int status);

/* Run it: it must print exactly the output. */
void verdict_output(const atf_tc_t *, const char *const *arguments, int status, const char *output);

/* Run it: it must fail with that message alone, one line. */
void verdict_error(const atf_tc_t *, const char *const *arguments, const char *message);

#endif
