/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/resource.h>
#include <sys/types.h>

#include <atf-c.h>

#include "expectation.h"
#include "names.h"
#include "outcome.h"
#include "record.h"

/* A record is a letter, a line and a newline, written at once: _POSIX_PIPE_BUF bytes do not mix with another's. */
enum { RECORD_SIZE = 512, RECORDS_SENT_MAX = 16 };
enum { FAILED = 'F', END_FAILED = 'X', END_SKIPPED = 'S', EXPECTED = 'E', EXPECTED_AT_TIMES = 'T' };

static unsigned failures;
static atomic_bool is_ending;             /* the case, */
static _Thread_local bool is_ended_by_me; /* by this thread */
static char first[RECORD_SIZE];
static int descriptors[2] = { -1, -1 }; /* the pipe; a child keeps the second alone */
static bool is_child;
static int spare = -1;
static const char *promised_sentence;
static bool is_without_case;
static char promised_by[4096];

unsigned
record_failures(void)
{
	return failures;
}

const char *
record_first(void)
{
	return first;
}

void
record_count_failure(void)
{
	if (failures++ == 0)
		snprintf(first, sizeof(first), "%s", "a check failed in a child of a child");
}

/* Low, as a high one would enlarge the table of descriptors; below a limit that is lower. */
void
record_begin(void)
{
	struct rlimit limit;
	int highest = 60;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur <= (rlim_t)highest)
		highest = (int)limit.rlim_cur - 1;
	spare = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, highest);
}

void
record_end(void)
{
	if (spare != -1)
		close(spare);
	spare = -1;
}

void
record_without_case(void)
{
	is_without_case = true;
}

/* Where there is a case, it is for ATF to end it. */
static void
end_without_case(const char *text)
{
	if (!is_without_case)
		return;
	fprintf(stderr, "%s\n", text);
	exit(EXIT_ENDED_CASE); /* NOLINT(concurrency-mt-unsafe) */
}

void
record_promise(const char *sentence, const char *sources)
{
	promised_sentence = sentence;
	snprintf(promised_by, sizeof(promised_by), "%s", sources);
}

void
record_fail(const char *format, ...)
{
	char text[2 * RECORD_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (promised_sentence != NULL)
		fprintf(stderr, "Promised: %s\nBy: %s\n", promised_sentence, promised_by);
	if (expectation_reasons()[0] != '\0' && expectation_is_met())
		atf_tc_expect_fail("%s", expectation_reasons());
	record_end();
	if (expectation_reasons()[0] != '\0' && !expectation_is_met())
		atf_tc_fail("%s, and not what is declared: %s", text, expectation_reasons());
	atf_tc_fail("%s", text);
}

int
record_pipe(void)
{
	if (descriptors[1] == -1) {
		if (pipe(descriptors) == -1 || fcntl(descriptors[0], F_SETFL, O_NONBLOCK) == -1 ||
		    fcntl(descriptors[0], F_SETFD, FD_CLOEXEC) == -1 ||
		    fcntl(descriptors[1], F_SETFD, FD_CLOEXEC) == -1)
			end_failed("cannot make a pipe for the children: %s", errno_name(errno));
	}
	return descriptors[1];
}

void
record_send_to(int descriptor)
{
	if (!is_child && descriptors[0] != -1)
		close(descriptors[0]);
	descriptors[0] = -1;
	descriptors[1] = descriptor;
	/* A full pipe must not block a child: the exit status still tells. */
	fcntl(descriptor, F_SETFL, O_NONBLOCK);
	is_child = true;
	failures = 0;
	first[0] = '\0';
}

/* text has room for RECORD_SIZE characters. */
static void
format_one_line(char *text, const char *format, va_list arguments)
{
	vsnprintf(text, RECORD_SIZE, format, arguments);
	for (; *text != '\0'; text++)
		if (*text == '\n' || *text == '\r')
			*text = ' ';
}

static void
send_record(char kind, const char *text)
{
	char record[RECORD_SIZE + 3];
	int length = snprintf(record, RECORD_SIZE - 1, "%c%s", kind, text);

	if (length < 0)
		return;
	if (length > RECORD_SIZE - 2)
		length = RECORD_SIZE - 2;
	record[length++] = '\n';
	if (write(descriptors[1], record, (size_t)length) == -1)
		return; /* the exit status tells */
}

_Noreturn static void
end_child(char kind, const char *text)
{
	send_record(kind, text);
	_exit(EXIT_ENDED_CASE);
}

static void
keep(const char *text)
{
	if (failures++ == 0)
		snprintf(first, sizeof(first), "%s", text);
	expectation_note(text);
	fprintf(stderr, "*** Check failed: %s\n", text);
}

void
check_failed(const char *file, int line, const char *format, ...)
{
	char text[RECORD_SIZE];
	char where[RECORD_SIZE];
	va_list arguments;

	va_start(arguments, format);
	format_one_line(text, format, arguments);
	va_end(arguments);
	snprintf(where, sizeof(where), "%s:%d: %s%.400s", file, line, is_child ? "in a child: " : "", text);
	if (!is_child)
		keep(where);
	else if (failures++ < RECORDS_SENT_MAX)
		send_record(FAILED, where);
}

/* Of several threads that end the case at the same time one does, and the others wait for its exit(). */
static void
end_alone(void)
{
	while (!is_ended_by_me && atomic_exchange(&is_ending, true))
		pause();
	is_ended_by_me = true;
}

void
end_failed(const char *format, ...)
{
	char text[RECORD_SIZE];
	va_list arguments;

	va_start(arguments, format);
	format_one_line(text, format, arguments);
	va_end(arguments);
	if (is_child)
		end_child(END_FAILED, text);
	end_alone();
	end_without_case(text);
	if (failures > 0)
		record_fail("%s (before that, %u failed: %s)", text, failures, first);
	record_fail("%s", text);
}

void
end_skipped(const char *format, ...)
{
	char text[RECORD_SIZE];
	va_list arguments;

	va_start(arguments, format);
	format_one_line(text, format, arguments);
	va_end(arguments);
	if (is_child)
		end_child(END_SKIPPED, text);
	end_alone();
	end_without_case(text);
	if (failures > 0)
		record_fail("%s", first); /* what was seen before counts more than what is missing now */
	record_end();
	atf_tc_skip("%s", text);
}

static void
take(char *record)
{
	switch (record[0]) {
	case FAILED:
		keep(record + 1);
		break;
	case END_FAILED:
		end_failed("%s", record + 1);
	case END_SKIPPED:
		end_skipped("%s", record + 1);
	case EXPECTED:
	case EXPECTED_AT_TIMES:
		expectation_add(record + 1, record[0] == EXPECTED, failures);
		break;
	default:
		end_failed("a child sent a record that cannot be read: %s", record);
	}
}

void
record_receive(void)
{
	static char buffer[2 * RECORD_SIZE];
	static size_t used;
	ssize_t got;

	if (is_child || descriptors[0] == -1)
		return;
	while ((got = read(descriptors[0], buffer + used, sizeof(buffer) - 1 - used)) > 0) {
		char *start = buffer;
		char *end;

		used += (size_t)got;
		buffer[used] = '\0';
		for (; (end = strchr(start, '\n')) != NULL; start = end + 1) {
			*end = '\0';
			take(start);
		}
		used -= (size_t)(start - buffer);
		memmove(buffer, start, used);
	}
}

void
record_expect_failure(const char *reason, bool always)
{
	record_receive();
	if (is_child)
		send_record(always ? EXPECTED : EXPECTED_AT_TIMES, reason);
	else
		expectation_add(reason, always, failures);
}
