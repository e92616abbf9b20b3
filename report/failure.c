/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdlib.h>
#include <string.h>

#include "failure.h"
#include "looked_at.h"

/* ATF ends a reason with this if the messages are on standard error. The page shows them, so it leaves this out. */
static const char see_output[] = "; see output for more details";

/* Lines that Kyua adds to a case's standard error, lines that the page has elsewhere, and blank lines. */
static bool
is_noise(const struct result *result, struct slice line)
{
	struct slice text = line;

	if (slice_skip(&text, "Promised: "))
		return slice_equals(text, result->promise);
	if (slice_skip(&text, "By: "))
		return slice_equals(text, result->source);
	if (slice_skip(&line, "Files left in work directory after failure: ") ||
	    slice_skip(&line, "Process with PID ") || slice_skip(&line, "Cannot find any core file"))
		return true;
	while (slice_skip(&line, " ") || slice_skip(&line, "\t"))
		;
	return line.length == 0;
}

/* The message of a check may be a part of the reason. Any other line must equal the reason: "1" is a part of "signal 11". */
static bool
is_in_reason(const struct result *result, struct slice message, bool check)
{
	char *text = text_copy(message);
	bool known = check ? strstr(result->reason, text) != NULL : strcmp(result->reason, text) == 0;

	free(text);
	return known;
}

/* A check in a loop may write the same message each time. */
static bool
is_repeated(const struct result *result, struct slice line)
{
	struct slice rest = result->errors;
	struct slice earlier;

	while (slice_line(&rest, &earlier) && earlier.bytes != line.bytes)
		if (earlier.length == line.length && memcmp(earlier.bytes, line.bytes, line.length) == 0)
			return true;
	return false;
}

/* Remove the next line from the front that is worth showing. "check" tells whether a failed check wrote it. */
static bool
message_next(const struct result *result, struct slice *rest, struct slice *message, bool *check)
{
	while (slice_line(rest, message)) {
		if (is_noise(result, *message) || is_repeated(result, *message))
			continue;
		struct slice text = *message;
		*check = slice_skip(message, "*** Check failed: ") || slice_skip(&text, "in child: ");
		if (!is_in_reason(result, *message, *check))
			return true;
	}
	return false;
}

static size_t
count_messages(const struct result *result, bool only_checks)
{
	struct slice rest = result->errors;
	struct slice message;
	bool check;
	size_t count = 0;

	while (message_next(result, &rest, &message, &check))
		if (check || !only_checks)
			count++;
	return count;
}

struct messages
failure_messages(const struct result *result)
{
	struct messages messages = { .count = 0 };
	struct slice rest = result->errors;
	struct slice message;
	bool check;
	bool last = result->outcome == BROKEN;
	bool only_checks = !last && count_messages(result, false) > MESSAGES && count_messages(result, true) > 0;
	size_t count = count_messages(result, only_checks);
	size_t over = count > MESSAGES ? count - MESSAGES : 0;

	messages.earlier = last ? over : 0;
	messages.later = last ? 0 : over;
	for (size_t i = 0; i < messages.earlier + MESSAGES && message_next(result, &rest, &message, &check);) {
		if (only_checks && !check)
			continue;
		if (i++ >= messages.earlier)
			messages.lines[messages.count++] = message;
	}
	return messages;
}

bool
failure_is_timeout(const struct result *result)
{
	return strstr(result->reason, "timed out") != NULL;
}

/* How a broken case ended. Only the words of the reason tell; all versions of Kyua and our runner use the same. */
static const char *
how_it_broke(const struct result *result)
{
	if (strcmp(result->name, UNLISTED) == 0)
		return "the cases of this program could not be listed: ";
	if (strstr(result->reason, "received signal") != NULL)
		return "the case broke (crash): ";
	if (failure_is_timeout(result))
		return "the case broke (timeout): ";
	if (strstr(result->reason, "Premature exit") != NULL || strstr(result->reason, "Empty test result") != NULL)
		return "the case broke (no result): ";
	return "the case broke: ";
}

bool
failure_is_unlisted(const struct result *result)
{
	return strcmp(result->name, UNLISTED) == 0;
}

char *
failure_seen(const struct result *result)
{
	size_t length = strlen(result->reason);
	size_t suffix = strlen(see_output);

	if (length > suffix && strcmp(result->reason + length - suffix, see_output) == 0 &&
	    count_messages(result, false) > 0)
		length -= suffix;
	char *reason = text_copy((struct slice){ result->reason, length });
	char *seen = text_format("%s%s", result->outcome == BROKEN ? how_it_broke(result) : "", reason);
	free(reason);
	return seen;
}

bool
failure_has_block(const struct results *results, const struct comparison *comparison, const struct result *result)
{
	return (result->outcome == FAILED || result->outcome == BROKEN) && !tells_missing_area(result) &&
	    !fails_as_expected(comparison, results, result);
}
