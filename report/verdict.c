/* SPDX-License-Identifier: BSD-2-Clause */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "verdict.h"

/* Bounds that keep the page a page. */
#define MESSAGES     10 /* lines shown of a case's standard error */
#define TEXT_LINES   6  /* lines that one text may take */
#define REASON_LINES 3  /* lines that the reason of a deviation may take */
#define NAMES        8  /* cases named for one reason to skip */

/* Where the texts of a failure start. */
#define INDENT 19

/* ATF writes this in the reason when the messages are on standard error, where most readers would not find them. */
static const char see_output[] = "; see output for more details";

enum verdict
verdict_of(const struct results *results)
{
	struct tally tally = results_tally(results);

	if (tally.fails > 0)
		return VERDICT_FAILS;
	return tally.holds + tally.deviates > 0 ? VERDICT_HOLDS : VERDICT_NOTHING;
}

static const char *
plural(size_t count)
{
	return count == 1 ? "" : "s";
}

static void
print_platform(FILE *out, const struct results *results)
{
	static const struct {
		const char *key;
		const char *before;
	} parts[] = {
		{ "platform.os", ", " },
		{ "platform.kernel", " " },
		{ "platform.libc", ", " },
		{ "platform.machine", ", " },
		{ "platform.page-size", ", page size " },
		{ "platform.shmlba", ", SHMLBA " },
	};
	char *line = text_copy(slice_of(""));

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		char *value = results_observed(results, parts[i].key);
		if (value == NULL)
			continue;
		/* The first part that is known has nothing before it but a title: "page size ". */
		const char *before = parts[i].before;
		if (line[0] == '\0')
			before += strspn(before, ", ");
		char *longer = text_format("%s%s%s", line, before, value);
		free(line);
		free(value);
		line = longer;
	}
	text_paragraph(out, "", 0, TEXT_LINES, "%s",
	    line[0] != '\0' ? line : "The platform is not recorded: the case that describes it did not run.");
	free(line);
}

static void
print_size(FILE *out, const struct results *results)
{
	size_t programs = 0;
	int64_t start = INT64_MAX;
	int64_t end = INT64_MIN;

	for (size_t i = 0; i < results->count; i++) {
		const struct result *result = &results->all[i];
		if (i == 0 || strcmp(result[-1].program, result->program) != 0)
			programs++;
		if (result->end == 0)
			continue;
		start = result->start < start ? result->start : start;
		end = result->end > end ? result->end : end;
	}
	(void)fprintf(
	    out, "%zu case%s in %zu program%s", results->count, plural(results->count), programs, plural(programs));
	/* The clock may have been set back meanwhile: then nothing is known. */
	if (start <= end) {
		/* Unsigned, since nothing keeps a strange database from a difference too large. */
		uint64_t hundredths = ((uint64_t)end - (uint64_t)start) / 10000;
		uint64_t minutes = hundredths / 6000;
		(void)fputs(", ", out);
		if (minutes > 0)
			(void)fprintf(out, "%" PRIu64 " min ", minutes);
		(void)fprintf(out, "%" PRIu64 ".%02" PRIu64 " s", hundredths / 100 % 60, hundredths % 100);
	}
	(void)fputs("\n\n", out);
}

/* What Kyua itself adds to a case's standard error, what the page tells already, and blank lines. */
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

/* A check's message may be a part of the reason. Of any other line only all of it counts: "1" is in "signal 11". */
static bool
is_in_reason(const struct result *result, struct slice message, bool check)
{
	char *text = text_copy(message);
	bool known = check ? strstr(result->reason, text) != NULL : strcmp(result->reason, text) == 0;

	free(text);
	return known;
}

/* A check in a loop may fail each time with the same words. */
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

/* Take the next line that adds something to the reason off the front. "check" tells whether a failed check wrote it. */
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

/* The first messages of a failed case, checks before chatter; the last of a broken one, since they lead to the end. */
static void
print_messages(FILE *out, const struct result *result)
{
	struct slice rest = result->errors;
	struct slice message;
	bool check;
	bool last = result->outcome == BROKEN;
	bool only_checks = !last && count_messages(result, false) > MESSAGES && count_messages(result, true) > 0;
	size_t count = count_messages(result, only_checks);
	size_t over = count > MESSAGES ? count - MESSAGES : 0;
	size_t skip = last ? over : 0;
	const char *label = last ? "      stderr" : "";

	if (skip > 0) {
		text_paragraph(out, label, INDENT, 1, "(%zu earlier line%s left out)", skip, plural(skip));
		label = "";
	}
	for (size_t i = 0; i < skip + MESSAGES && message_next(result, &rest, &message, &check);) {
		if (only_checks && !check)
			continue;
		if (i++ < skip)
			continue;
		char *text = text_copy(message);
		text_paragraph(out, label, INDENT, TEXT_LINES, "%s", text);
		free(text);
		label = "";
	}
	if (!last && over > 0)
		text_paragraph(out, "", INDENT, 1, "(and %zu more)", over);
}

/* How a broken case ended. Kyua tells only in words, which are the same in all of its versions. */
static const char *
how_it_broke(const struct result *result)
{
	if (strcmp(result->name, UNLISTED) == 0)
		return "no case of this program ran, for they could not be listed: ";
	if (strstr(result->reason, "received signal") != NULL)
		return "the case broke (crash): ";
	if (strstr(result->reason, "timed out") != NULL)
		return "the case broke (timeout): ";
	if (strstr(result->reason, "Premature exit") != NULL || strstr(result->reason, "Empty test result") != NULL)
		return "the case broke (no result): ";
	return "the case broke: ";
}

static void
print_failure(FILE *out, const struct result *result)
{
	size_t length = strlen(result->reason);
	size_t suffix = strlen(see_output);
	bool unlisted = strcmp(result->name, UNLISTED) == 0;

	if (length > suffix && strcmp(result->reason + length - suffix, see_output) == 0 &&
	    count_messages(result, false) > 0)
		length -= suffix;
	char *reason = text_copy((struct slice){ result->reason, length });
	text_paragraph(out, "", 2, TEXT_LINES, "%s:%s", result->program, result->name);
	text_paragraph(out, "      requirement", INDENT, TEXT_LINES, "%s", result->requirement);
	text_paragraph(out, "      level", INDENT, TEXT_LINES, "%s", result->level);
	text_paragraph(out, "      source", INDENT, TEXT_LINES, "%s", result->source);
	/* For an unlisted program Kyua makes the sentence up. */
	if (!unlisted)
		text_paragraph(out, "      promised", INDENT, TEXT_LINES, "%s", result->promise);
	text_paragraph(out, "      seen", INDENT, TEXT_LINES, "%s%s",
	    result->outcome == BROKEN ? how_it_broke(result) : "", reason);
	print_messages(out, result);
	(void)fputc('\n', out);
	free(reason);
}

static void
print_failures(FILE *out, const struct results *results)
{
	bool heading = false;

	for (size_t i = 0; i < results->count; i++) {
		const struct result *result = &results->all[i];
		if (result->outcome != FAILED && result->outcome != BROKEN)
			continue;
		if (!heading)
			(void)fputs("Failures\n\n", out);
		heading = true;
		print_failure(out, result);
	}
}

static void
print_deviations(FILE *out, const struct results *results)
{
	bool heading = false;

	for (size_t i = 0; i < results->count; i++) {
		const struct result *result = &results->all[i];
		if (result->outcome != DEVIATES)
			continue;
		if (!heading)
			(void)fputs("Documented deviations\n\n", out);
		heading = true;
		text_paragraph(out, "", 2, TEXT_LINES, "%s:%s", result->program, result->name);
		text_paragraph(out, "", 6, REASON_LINES, "%s", result->reason);
	}
	if (heading)
		(void)fputc('\n', out);
}

/* The skipped cases that give one reason: a run of the pointers sorted by reason. */
struct group {
	const struct result *const *cases;
	size_t count;
};

/* By reason, then as the results are. */
static int
compare_reasons(const void *left, const void *right)
{
	const struct result *one = *(const struct result *const *)left;
	const struct result *other = *(const struct result *const *)right;
	int order = strcmp(one->reason, other->reason);

	if (order != 0)
		return order;
	return (one > other) - (one < other);
}

/* The most frequent first. */
static int
compare_groups(const void *left, const void *right)
{
	const struct group *one = left;
	const struct group *other = right;

	if (one->count != other->count)
		return one->count > other->count ? -1 : 1;
	return strcmp(one->cases[0]->reason, other->cases[0]->reason);
}

static void
print_group(FILE *out, const struct group *group)
{
	char *label = text_format("%6zu", group->count);
	char *names = text_copy(slice_of(""));
	const char *reason = group->cases[0]->reason;
	/* Naming one case costs no more than saying "1 more". */
	size_t named = group->count <= NAMES + 1 ? group->count : NAMES;

	for (size_t i = 0; i < named; i++) {
		const struct result *result = group->cases[i];
		bool same = i > 0 && strcmp(group->cases[i - 1]->program, result->program) == 0;
		char *longer = text_format(
		    "%s%s%s%s%s", names, i > 0 ? ", " : "", same ? "" : result->program, same ? "" : ":", result->name);
		free(names);
		names = longer;
	}
	text_paragraph(out, label, 8, REASON_LINES, "%s", reason[0] != '\0' ? reason : "no reason given");
	if (named < group->count)
		text_paragraph(out, "", 12, SIZE_MAX, "%s and %zu more", names, group->count - named);
	else
		text_paragraph(out, "", 12, SIZE_MAX, "%s", names);
	free(names);
	free(label);
}

static void
print_skips(FILE *out, const struct results *results)
{
	const struct result **skipped = allocated(calloc(results->count, sizeof(*skipped)));
	struct group *groups = allocated(calloc(results->count, sizeof(*groups)));
	size_t cases = 0;
	size_t count = 0;

	for (size_t i = 0; i < results->count; i++)
		if (results->all[i].outcome == SKIPPED)
			skipped[cases++] = &results->all[i];
	qsort(skipped, cases, sizeof(*skipped), compare_reasons);
	for (size_t i = 0; i < cases; i++) {
		if (i == 0 || strcmp(skipped[i - 1]->reason, skipped[i]->reason) != 0)
			groups[count++].cases = &skipped[i];
		groups[count - 1].count++;
	}
	qsort(groups, count, sizeof(*groups), compare_groups);
	if (count > 0)
		(void)fputs("Skipped\n\n", out);
	for (size_t i = 0; i < count; i++)
		print_group(out, &groups[i]);
	if (count > 0)
		(void)fputc('\n', out);
	free(groups);
	free(skipped);
}

static void
print_words(FILE *out, const struct results *results)
{
	struct tally tally = results_tally(results);
	size_t ran = tally.holds + tally.deviates + tally.fails;

	if (ran == 0) {
		(void)fprintf(out, "Nothing was tested: every case was skipped (%zu).\n", tally.skipped);
		return;
	}
	if (tally.fails > 0)
		(void)fprintf(out, "%zu of %zu case%s that ran FAIL%s", tally.fails, ran, plural(ran),
		    tally.fails == 1 ? "S" : "");
	else if (ran == 1)
		(void)fputs("The only case that ran holds", out);
	else
		(void)fprintf(out, "All %zu cases that ran hold", ran);
	if (tally.deviates > 0 && tally.skipped > 0)
		(void)fprintf(out, " (%zu deviate%s as documented, %zu skipped)", tally.deviates,
		    tally.deviates == 1 ? "s" : "", tally.skipped);
	else if (tally.deviates > 0)
		(void)fprintf(out, " (%zu deviate%s as documented)", tally.deviates, tally.deviates == 1 ? "s" : "");
	else if (tally.skipped > 0)
		(void)fprintf(out, " (%zu skipped)", tally.skipped);
	(void)fputs(".\n", out);
}

void
verdict_print(FILE *out, const struct results *results)
{
	print_platform(out, results);
	print_size(out, results);
	table_print(out, results);
	(void)fputc('\n', out);
	print_failures(out, results);
	print_deviations(out, results);
	print_skips(out, results);
	print_words(out, results);
}
