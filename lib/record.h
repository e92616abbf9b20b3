/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The records of a case: failed checks, and the wish to end. A child cannot report to ATF: it has the parent's state, and
 * the last process to write the result file would win. So it sends its records to the case through a pipe.
 *
 * For lib/ alone: bodies use check.h and process.h.
 */

#ifndef SHMCHECK_RECORD_H
#define SHMCHECK_RECORD_H

#include <stdbool.h>

/* The exit status of a child that has sent a record. The parent knows by it even if the record was lost. */
enum { EXIT_FAILED_CHECK = 97, EXIT_ENDED_CASE = 98, EXIT_ORPHANED = 99 };

/* The end of the pipe to which this process and its descendants send. The first call makes it, or ends the case. */
int record_pipe(void);

/*
 * Keep a descriptor, and give it back when the case ends. ATF then opens a file for the result, and a case may have used up
 * all other descriptors.
 */
void record_begin(void);
void record_end(void);

/*
 * This process runs no case: ATF keeps no result of it. What would end a case ends the process, by exit() with
 * EXIT_ENDED_CASE and the reason on standard error.
 */
void record_without_case(void);

/* From now on this process is a child: it sends its records to this descriptor and ends by _exit(). */
void record_send_to(int descriptor);

/* Receive what children have sent so far. Ends the case if one of them asks for it. */
void record_receive(void);

/* The number of failed checks in this process, and of those received from its children. */
unsigned record_failures(void);

/* The first of them, as one line; "" when there is none. */
const char *record_first(void);

/* The sentence that is promised, and its sources: the report of a failure names them. */
void record_promise(const char *sentence, const char *sources);

/*
 * From here on a failure is expected, for this reason, unless a check has failed before. A child sends that to the case. With a
 * failure expected already, the reason is one more, and what failed since is expected as before. "always": the case must fail.
 */
void record_expect_failure(const char *reason, bool always);

/* End the case as failed, or as expected to, with this as the reason; tell on standard error what was promised. */
_Noreturn void record_fail(const char *format, ...) __attribute__((__format__(__printf__, 1, 2)));

/* Count a failed check whose text a child has sent. */
void record_count_failure(void);

#endif
