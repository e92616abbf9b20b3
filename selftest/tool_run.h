/* SPDX-License-Identifier: BSD-2-Clause */

/* The tools that report on results, run by their tests. */

#ifndef SHMCHECK_TOOL_RUN_H
#define SHMCHECK_TOOL_RUN_H

#include <limits.h>

#include <sys/types.h>

#include <atf-c.h>

/* Extended regular expressions, matched line by line with the file "out". */
#define SHOWN(pattern)     ATF_CHECK_MSG(atf_utils_grep_file("%s", "out", pattern), "not on the page: %s", pattern)
#define NOT_SHOWN(pattern) ATF_CHECK_MSG(!atf_utils_grep_file("%s", "out", pattern), "on the page: %s", pattern)

#define ARGUMENTS(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* Store the path of the tool, a program of report/. */
void tool_path(const atf_tc_t *, const char *tool, char path[PATH_MAX]);

/*
 * Start the tool with the arguments, a null pointer last; its output is in files of atf_utils_fork(), or
 * that of standard output in "destination", if that is not null.
 */
pid_t tool_start(const atf_tc_t *, const char *tool, const char *const *arguments, const char *destination);

#endif
