/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The records of a case: failed checks, and the wish to end. A child cannot speak to ATF (it has the parent's state, and
 * the last to write the result file wins), so it sends its records to the case through a pipe.
 *
 * For lib/ alone: bodies use check.h and process.h.
 */

#ifndef SHMCHECK_RECORD_H
#define SHMCHECK_RECORD_H

/* How a child ends that has a record to tell, so that the parent knows even if the record was lost. */
enum { EXIT_FAILED_CHECK = 97, EXIT_ENDED_CASE = 98, EXIT_ORPHANED = 99 };

/* The pipe's end to which this process and its descendants send; made at the first call. Ends the case if it can't. */
int record_pipe(void);

/*
 * Keep a descriptor for the result, which ATF opens a file for when the case ends; and give it back. A case may have used up
 * all others.
 */
void record_begin(void);
void record_end(void);

/*
 * This process has no case of which ATF would keep a result: what would end it ends the process, by exit() with EXIT_ENDED_CASE
 * and the reason on standard error.
 */
void record_without_case(void);

/* From now on this process is a child: it sends its records to this descriptor and ends by _exit(). */
void record_send_to(int descriptor);

/* Take in what children have sent so far. Ends the case when one of them asks for it. */
void record_receive(void);

/* The number of failed checks in this process and, once received, in its children. */
unsigned record_failures(void);

/* The first of them, as one line; "" when there is none. */
const char *record_first(void);

/* What a failure's report names: the sentence that is promised, and by whom. */
void record_promise(const char *sentence, const char *sources);

/* From here on a failure is expected, for this reason; unless something has failed before. */
void record_expect_failure(const char *reason);

/* That reason, or "". */
const char *record_expected(void);

/* End the case as failed, or as expected to, with this as the reason; tell on standard error what was promised. */
_Noreturn void record_fail(const char *format, ...) __attribute__((__format__(__printf__, 1, 2)));

/* One more failed check that was told before: its child has sent the text. */
void record_count_failure(void);

#endif
