/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdlib.h>
#include <string.h>

#include "evidence.h"
#include "failure.h"

const char *
outcome_name(enum outcome outcome)
{
	static const char *const names[] = {
		[HOLDS] = "holds",
		[DEVIATES] = "deviates",
		[KNOWN_DEFECT] = "defect",
		[FAILED] = "fails",
		[BROKEN] = "broken",
		[SKIPPED] = "skipped",
	};

	return names[outcome];
}

bool
fails_expectedly(const struct results *results, const struct comparison *comparison, const struct result *result)
{
	return result->outcome == DEVIATES || result->outcome == KNOWN_DEFECT ||
	    ((result->outcome == FAILED || result->outcome == BROKEN) &&
		fails_as_expected(comparison, results, result));
}

bool
fails_unexpectedly(const struct results *results, const struct comparison *comparison, const struct result *result)
{
	return (result->outcome == FAILED || result->outcome == BROKEN) &&
	    !fails_as_expected(comparison, results, result);
}

char *
evidence_seen(const struct result *result)
{
	char *seen = failure_seen(result);
	char *line = text_clean(slice_of(seen));

	free(seen);
	return line;
}

char *
expected_reason(const struct result *result)
{
	const char *what = result->outcome == DEVIATES ? "documented deviation"
	    : result->outcome == KNOWN_DEFECT          ? "known defect"
						       : "expected failure";
	char *seen = result->outcome == FAILED || result->outcome == BROKEN
	    ? failure_seen(result)
	    : text_copy(slice_of(result_reason(result)));
	char *reason = text_format("%s: %s", what, seen);
	char *line = text_clean(slice_of(reason));

	free(reason);
	free(seen);
	return line;
}

char *
evidence_messages(const struct result *result)
{
	struct messages messages = failure_messages(result);
	char *lines = text_copy(slice_of(""));

	for (size_t i = 0; i < messages.count; i++) {
		char *message = text_clean(messages.lines[i]);
		char *longer = text_format("%s%s%s", lines, i > 0 ? "\n" : "", message);
		free(message);
		free(lines);
		lines = longer;
	}
	return lines;
}

char *
evidence_lines(const struct result *result)
{
	char *seen = evidence_seen(result);
	char *messages = evidence_messages(result);
	char *lines = text_format("%s%s%s", seen, seen[0] != '\0' && messages[0] != '\0' ? "\n" : "", messages);

	free(messages);
	free(seen);
	return lines;
}
