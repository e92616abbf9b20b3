/* SPDX-License-Identifier: BSD-2-Clause */

/* shmcheck-report, run by its tests. */

#ifndef SHMCHECK_REPORT_RUN_H
#define SHMCHECK_REPORT_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "tool_run.h"

/* The start of a results file of the runner. */
#define RESULTS_HEAD "Format: shmcheck-results 1\n\n"

/*
 * The file "out" has this text, in which an apostrophe stands for a quotation mark, as JSON and XML have many of these; or it has
 * not.
 */
#define HAS(text)     ATF_CHECK_MSG(report_has(text), "not in the report: %s", text)
#define HAS_NOT(text) ATF_CHECK_MSG(!report_has(text), "in the report: %s", text)
bool report_has(const char *text);

/* Make a file with this text, or with all of these bytes. */
void results_write(const char *path, const char *text);
void results_write_bytes(const char *path, const char *bytes, size_t length);

/* Like tool_start(). If the tool is not built, as its libraries are missing, the test is skipped. */
pid_t report_start(const atf_tc_t *, const char *const *arguments, const char *destination);

/* Run it: it must exit with the status; the report goes to the file "out", and nothing may go to standard error. */
void report_write(const atf_tc_t *, const char *const *arguments, int status);

/* Run it: it must fail with that message alone, one line, and print nothing. */
void report_error(const atf_tc_t *, const char *const *arguments, const char *message);

/* Run it: return its exit status; what it prints is in the files "out" and "errors". */
int report_status(const atf_tc_t *, const char *const *arguments);

/* Return all of the file, with a null byte at its end. The caller frees it. */
char *file_contents(const char *path);

#endif
