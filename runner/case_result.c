/* SPDX-License-Identifier: BSD-2-Clause */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/wait.h>

#include "case_result.h"

/* How the process must end after this word in the result file. */
enum ending { EXITS_WITH_0, EXITS_WITH_1, EXITS, DIES_BY_SIGNAL, ENDS_ANYHOW, TIMES_OUT };

struct saying {
	const char *word;
	enum result result;
	enum ending ending;
	bool has_number; /* it may have an exit status or signal: "expected_exit(3): ..." */
	bool has_reason;
};

static const struct saying sayings[] = {
	{ "passed", RESULT_PASSED, EXITS_WITH_0, false, false },
	{ "failed", RESULT_FAILED, EXITS_WITH_1, false, true },
	{ "skipped", RESULT_SKIPPED, EXITS_WITH_0, false, true },
	{ "expected_failure", RESULT_EXPECTED_FAILURE, EXITS_WITH_0, false, true },
	{ "expected_exit", RESULT_EXPECTED_FAILURE, EXITS, true, true },
	{ "expected_signal", RESULT_EXPECTED_FAILURE, DIES_BY_SIGNAL, true, true },
	{ "expected_death", RESULT_EXPECTED_FAILURE, ENDS_ANYHOW, false, true },
	{ "expected_timeout", RESULT_EXPECTED_FAILURE, TIMES_OUT, false, true },
};

const char *
result_name(enum result result)
{
	static const char *const names[] = { "passed", "failed", "skipped", "expected_failure", "broken" };

	return names[result];
}

/* Does not change the number if the text has none. The reason ends at the end of the line. Null for any other text. */
static const struct saying *
parse(const char *text, long *number, const char **reason)
{
	size_t length = strcspn(text, "(:\n");
	const struct saying *s = NULL;
	char *rest;

	for (size_t i = 0; i < sizeof(sayings) / sizeof(sayings[0]) && s == NULL; i++)
		if (strlen(sayings[i].word) == length && strncmp(sayings[i].word, text, length) == 0)
			s = &sayings[i];
	if (s == NULL)
		return NULL;
	text += length;
	if (*text == '(' && s->has_number) {
		*number = strtol(text + 1, &rest, 10);
		if (rest == text + 1 || *number < 0 || *rest != ')')
			return NULL;
		text = rest + 1;
	}
	*reason = text;
	if (s->has_reason) {
		if (strncmp(text, ": ", 2) != 0)
			return NULL;
		*reason = text + 2;
	}
	length = strcspn(*reason, "\n");
	if (s->has_reason != (length > 0) || strcmp(*reason + length, "\n") != 0)
		return NULL;
	return s;
}

static bool
ends_as(const struct saying *s, long number, int status, bool timed_out)
{
	if (timed_out != (s->ending == TIMES_OUT))
		return false;
	switch (s->ending) {
	case EXITS_WITH_0:
		return WIFEXITED(status) && WEXITSTATUS(status) == 0;
	case EXITS_WITH_1:
		return WIFEXITED(status) && WEXITSTATUS(status) == 1;
	case EXITS:
		return WIFEXITED(status) && (number == -1 || WEXITSTATUS(status) == number);
	case DIES_BY_SIGNAL:
		return WIFSIGNALED(status) && (number == -1 || WTERMSIG(status) == number);
	case ENDS_ANYHOW:
	case TIMES_OUT:
		break;
	}
	return true;
}

static void
describe_end(int status, bool timed_out, char *text, size_t size)
{
	if (timed_out)
		snprintf(text, size, "it timed out");
	else if (WIFSIGNALED(status))
		snprintf(text, size, "signal %d ended it", WTERMSIG(status));
	else
		snprintf(text, size, "it exited with status %d", WEXITSTATUS(status));
}

enum result
case_result(const char *text, int status, bool timed_out, char *reason, size_t size)
{
	long number = -1;
	const char *said = "";
	const struct saying *s = parse(text, &number, &said);
	char end[64];
	int length = (int)strcspn(text, "\n");

	describe_end(status, timed_out, end, sizeof(end));
	if (text[0] == '\0')
		snprintf(reason, size, "%s without a result", end);
	else if (s == NULL)
		snprintf(reason, size, "%s with a result that ATF does not know: %.*s", end, length, text);
	else if (!ends_as(s, number, status, timed_out))
		snprintf(reason, size, "%s after the result: %.*s", end, length, text);
	else {
		snprintf(reason, size, "%.*s", (int)strcspn(said, "\n"), said);
		return s->result;
	}
	return RESULT_BROKEN;
}

enum result
plain_result(int status, bool timed_out, char *reason, size_t size)
{
	reason[0] = '\0';
	if (!timed_out && WIFEXITED(status) && WEXITSTATUS(status) <= 1)
		return WEXITSTATUS(status) == 0 ? RESULT_PASSED : RESULT_FAILED;
	describe_end(status, timed_out, reason, size);
	return RESULT_BROKEN;
}
