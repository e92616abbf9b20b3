/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "contents.h"
#include "expected.h"
#include "skips.h"

/* How many bytes of a line an error message quotes. */
#define LINE_QUOTED 100

static const char *const words[] = {
	[HOLDS] = "holds",
	[DEVIATES] = "deviates",
	[KNOWN_DEFECT] = "defect",
	[FAILED] = "fails",
	[BROKEN] = "fails",
	[SKIPPED] = "skipped",
};

/* The outcomes that a line may have: OUTCOME_WORDS. */
static const enum outcome named[] = { FAILED, KNOWN_DEFECT, DEVIATES, SKIPPED };

/* A line of the file. */
struct line {
	char *name;
	enum outcome outcome;
	bool at_times; /* or it holds */
	size_t number;
	bool found; /* the results have the case */
};

struct lines {
	struct line *all; /* by name, once the file is read */
	size_t count;
};

const char *
outcome_word(enum outcome outcome)
{
	return words[outcome];
}

static enum outcome
plain(enum outcome outcome)
{
	return outcome == BROKEN ? FAILED : outcome;
}

/* "PROGRAM:CASE", as the file has it. The caller frees it. */
static char *
full_name(const struct result *result)
{
	char *name = text_format("%s:%s", result->program, result->name);
	char *clean = text_clean(slice_of(name));

	free(name);
	return clean;
}

static bool
is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r';
}

static void
trim(struct slice *text)
{
	while (text->length > 0 && is_blank(text->bytes[0])) {
		text->bytes++;
		text->length--;
	}
	while (text->length > 0 && is_blank(text->bytes[text->length - 1]))
		text->length--;
}

static void
cut_comment(struct slice *text)
{
	for (size_t i = 0; i < text->length; i++)
		if (text->bytes[i] == '#' && (i == 0 || is_blank(text->bytes[i - 1])))
			text->length = i;
}

/* Cut the words off the end of the text. Returns whether they were there. */
static bool
cut_words(struct slice *text, const char *end)
{
	size_t length = strlen(end);

	if (text->length <= length || memcmp(text->bytes + text->length - length, end, length) != 0 ||
	    !is_blank(text->bytes[text->length - length - 1]))
		return false;
	text->length -= length;
	trim(text);
	return true;
}

/* Split "PROGRAM:CASE OUTCOME [at times]". Returns false for any other text. */
static bool
parse_line(struct slice text, struct line *line)
{
	line->at_times = cut_words(&text, "at times");
	size_t length = text.length;

	while (length > 0 && !is_blank(text.bytes[length - 1]))
		length--;
	struct slice word = { text.bytes + length, text.length - length };
	struct slice name = { text.bytes, length };
	trim(&name);
	const char *colon = name.length == 0 ? NULL : memchr(name.bytes, ':', name.length);
	if (colon == NULL || colon == name.bytes || name.bytes[name.length - 1] == ':')
		return false;
	if (memchr(name.bytes, '\0', name.length) != NULL)
		return false;
	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
		if (slice_equals(word, words[named[i]])) {
			line->outcome = named[i];
			line->name = text_copy(name);
			return true;
		}
	return false;
}

static int
compare_lines(const void *left, const void *right)
{
	const struct line *one = left;
	const struct line *other = right;
	int order = strcmp(one->name, other->name);

	return order != 0 ? order : (one->number > other->number) - (one->number < other->number);
}

static char *
parse_lines(struct lines *lines, struct slice text, const char *path)
{
	struct slice line;

	for (size_t number = 1; slice_line(&text, &line); number++) {
		struct line parsed = { .outcome = HOLDS, .number = number };
		cut_comment(&line);
		trim(&line);
		if (line.length == 0)
			continue;
		if (!parse_line(line, &parsed)) {
			char *quoted = text_copy(line);
			char *complaint = text_format(
			    "line %zu of '%s' is not 'PROGRAM:CASE OUTCOME [at times]' with one of " OUTCOME_WORDS
			    ": '%.*s'",
			    number, path, LINE_QUOTED, quoted);
			free(quoted);
			return complaint;
		}
		lines->all = allocated(realloc(lines->all, (lines->count + 1) * sizeof(*lines->all)));
		lines->all[lines->count++] = parsed;
	}
	if (lines->count > 0)
		qsort(lines->all, lines->count, sizeof(*lines->all), compare_lines);
	for (size_t i = 1; i < lines->count; i++)
		if (strcmp(lines->all[i - 1].name, lines->all[i].name) == 0)
			return text_format("line %zu of '%s' names '%.*s' again", lines->all[i].number, path,
			    LINE_QUOTED, lines->all[i].name);
	return NULL;
}

static char *
load_lines(struct lines *lines, const char *path)
{
	struct contents contents = { NULL, 0 };
	char *complaint = NULL;

	errno = 0;
	FILE *file = fopen(path, "rb");
	if (file == NULL || !contents_read(&contents, file, SIZE_MAX))
		complaint = cannot_read(path);
	if (file != NULL)
		(void)fclose(file);
	if (complaint == NULL)
		complaint = parse_lines(lines, (struct slice){ contents.bytes, contents.length }, path);
	free(contents.bytes);
	return complaint;
}

static struct line *
find(const struct lines *lines, const char *name)
{
	size_t low = 0;
	size_t high = lines->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(name, lines->all[middle].name);
		if (order == 0)
			return &lines->all[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/* The order of the changes on the page: the most important ones first. */
static int
rank(const struct change *change)
{
	static const int ranks[] = {
		[FAILED] = 0, [BROKEN] = 0, [KNOWN_DEFECT] = 1, [DEVIATES] = 2, [SKIPPED] = 3, [HOLDS] = 4
	};

	return change->gone ? 5 : ranks[change->seen];
}

static int
compare_changes(const void *left, const void *right)
{
	const struct change *one = left;
	const struct change *other = right;
	int order = rank(one) - rank(other);

	return order != 0 ? order : strcmp(one->name, other->name);
}

static void
add_change(struct comparison *comparison, char *name, enum outcome expected, enum outcome seen, bool gone)
{
	/* Each change is of one result or one line, so the size cannot overflow. */
	size_t size = (comparison->count + 1) * sizeof(*comparison->changes);

	comparison->changes = allocated(realloc(comparison->changes, size));
	comparison->changes[comparison->count++] = (struct change){ name, expected, seen, gone };
}

/* Whether the line expects that a program cannot be listed, and the results have cases of this program. */
static bool
is_listed_now(const struct line *line, const struct results *results)
{
	const char *colon = strrchr(line->name, ':');
	size_t length = (size_t)(colon - line->name);

	if (strcmp(colon + 1, UNLISTED) != 0)
		return false;
	for (size_t i = 0; i < results->count; i++) {
		char *name = full_name(&results->all[i]);
		bool same = strncmp(name, line->name, length + 1) == 0;
		free(name);
		if (same)
			return true;
	}
	return false;
}

static void
compare(struct comparison *comparison, const struct results *results, const struct lines *lines)
{
	comparison->expected = allocated(calloc(results->count, sizeof(*comparison->expected)));
	for (size_t i = 0; i < results->count; i++) {
		enum outcome seen = plain(results->all[i].outcome);
		char *name = full_name(&results->all[i]);
		struct line *line = find(lines, name);
		if (line != NULL)
			comparison->expected[i] = line->outcome;
		else
			comparison->expected[i] = is_for_other_platforms(&results->all[i]) ? SKIPPED : HOLDS;
		if (line != NULL)
			line->found = true;
		if (line != NULL && line->at_times && seen == HOLDS)
			comparison->expected[i] = HOLDS;
		if (seen != comparison->expected[i])
			add_change(comparison, name, comparison->expected[i], seen, false);
		else
			free(name);
	}
	for (size_t i = 0; i < lines->count; i++) {
		const struct line *line = &lines->all[i];
		if (line->found)
			continue;
		/* A case that the results lack may just not have been chosen. That is no change. */
		if (is_listed_now(line, results))
			add_change(comparison, text_copy(slice_of(line->name)), line->outcome, HOLDS, true);
		else
			comparison->not_run++;
	}
	if (comparison->count > 0)
		qsort(comparison->changes, comparison->count, sizeof(*comparison->changes), compare_changes);
}

char *
comparison_make(struct comparison *comparison, const struct results *results, const char *path)
{
	struct lines lines = { NULL, 0 };

	*comparison = (struct comparison){ .path = path };
	char *complaint = load_lines(&lines, path);
	if (complaint == NULL)
		compare(comparison, results, &lines);
	for (size_t i = 0; i < lines.count; i++)
		free(lines.all[i].name);
	free(lines.all);
	return complaint;
}

void
comparison_free(struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->count; i++)
		free(comparison->changes[i].name);
	free(comparison->changes);
	free(comparison->expected);
	*comparison = (struct comparison){ .path = NULL };
}

bool
fails_as_expected(const struct comparison *comparison, const struct results *results, const struct result *result)
{
	return comparison != NULL && plain(result->outcome) == FAILED &&
	    comparison->expected[result - results->all] == FAILED;
}

const char *
change_words(const struct change *change)
{
	static const char *const happened[] = {
		[HOLDS] = "holds now",
		[DEVIATES] = "deviates now",
		[KNOWN_DEFECT] = "known defect now",
		[FAILED] = "newly fails",
		[BROKEN] = "newly fails",
		[SKIPPED] = "is skipped now",
	};

	return change->gone ? "no longer there" : happened[change->seen];
}

static int
compare_strings(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

void
outcomes_print(FILE *out, const struct results *results)
{
	char **lines = allocated(calloc(results->count, sizeof(*lines)));
	size_t count = 0;

	for (size_t i = 0; i < results->count; i++) {
		enum outcome outcome = results->all[i].outcome;
		if (outcome == HOLDS || is_for_other_platforms(&results->all[i]))
			continue;
		char *name = full_name(&results->all[i]);
		lines[count++] = text_format("%s %s", name, words[outcome]);
		free(name);
	}
	qsort(lines, count, sizeof(*lines), compare_strings);
	for (size_t i = 0; i < count; i++) {
		(void)fprintf(out, "%s\n", lines[i]);
		free(lines[i]);
	}
	free(lines);
}
