/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_REPORT_TAP_POINT_H
#define SHMCHECK_REPORT_TAP_POINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Return the text in one line, clean, and with "\#" and "\\" for "#" and "\", as these have a meaning. The caller frees it. */
char *tap_text(const char *text);

/*
 * Write a test point of TAP, the Test Anything Protocol: "ok 3 - description # SKIP reason", "indent" columns from the left. The
 * directive is null if there is none, and the reason then, too.
 */
void tap_point(
    FILE *, int indent, bool is_ok, size_t number, const char *description, const char *directive, const char *reason);

#endif
