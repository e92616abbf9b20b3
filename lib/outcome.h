/* SPDX-License-Identifier: BSD-2-Clause */

/* A failed check, and the end of the case. Any function may call these, in the case and in its children. They are in record.c. */

#ifndef SHMCHECK_OUTCOME_H
#define SHMCHECK_OUTCOME_H

/* Record a failed check. The text becomes one line of 400 bytes at most. */
void check_failed(const char *file, int line, const char *format, ...) __attribute__((__format__(__printf__, 3, 4)));

/* End the case at once, as failed or as skipped. In a child, too. */
_Noreturn void end_failed(const char *format, ...) __attribute__((__format__(__printf__, 1, 2)));
_Noreturn void end_skipped(const char *format, ...) __attribute__((__format__(__printf__, 1, 2)));

#endif
