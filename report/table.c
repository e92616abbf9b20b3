/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdlib.h>
#include <string.h>

#include "area.h"
#include "markup.h"
#include "table.h"

#define LABEL_WIDTH  40
#define NUMBER_WIDTH 10

/* How many bytes of an unknown name a table in Markdown shows. */
#define NAME_LENGTH 80

/* In the order of the page. */
static const struct title levels[] = {
	{ "SHALL", "SHALL" },
	{ "DOCUMENTED", "DOCUMENTED" },
	{ "MAY", "MAY" },
	{ "OBSERVED", "OBSERVED" },
	{ "", "no level" },
};

static const struct title level_meanings[] = {
	{ "SHALL", "POSIX requires it" },
	{ "DOCUMENTED", "a manual of this platform promises it" },
	{ "MAY", "POSIX leaves a choice, and one of the choices was seen" },
	{ "OBSERVED", "nobody promises it; what was seen is recorded" },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct row {
	const char *level;
	const char *area;
	struct counts counts;
};

static size_t
rank(const struct title *titles, size_t count, const char *name)
{
	size_t i = 0;

	while (i < count && strcmp(titles[i].name, name) != 0)
		i++;
	return i;
}

static const char *
title(const struct title *titles, size_t count, const char *name)
{
	size_t i = rank(titles, count, name);

	return i < count ? titles[i].title : name;
}

/* The titles' names in their order, then unknown names in order of their bytes. */
static int
compare_names(const struct title *titles, size_t count, const char *one, const char *other)
{
	size_t first = rank(titles, count, one);
	size_t second = rank(titles, count, other);

	if (first != second)
		return first < second ? -1 : 1;
	return strcmp(one, other);
}

static int
compare_rows(const void *left, const void *right)
{
	const struct row *one = left;
	const struct row *other = right;
	int order = compare_names(levels, COUNT(levels), one->level, other->level);

	return order != 0 ? order : compare_names(areas, AREAS, one->area, other->area);
}

/* The columns of numbers and what their words mean. */
static const struct {
	const char *word;
	const char *meaning;
} columns[] = {
	{ "hold", "did what is promised" },
	{ "deviate", "did something else, and a manual of the platform says so" },
	{ "defect", "did something else, which is a known defect of the platform" },
	{ "fail", "did something else" },
	{ "skipped", "not tested here, for the reasons below" },
	{ "cases", "" },
};

#define COLUMNS COUNT(columns)

/* The numbers of a row. */
struct numbers {
	size_t all[COLUMNS];
};

static struct numbers
numbers_of(struct counts counts)
{
	return (struct numbers){ { counts.holds, counts.deviates, counts.defects, counts.fails, counts.skipped,
	    counts_ran(counts) + counts.skipped } };
}

static void
print_number(FILE *out, size_t number)
{
	/* A dot instead of a zero, so that other numbers stand out. */
	if (number == 0)
		(void)fprintf(out, "%*s", NUMBER_WIDTH, ".");
	else
		(void)fprintf(out, "%*zu", NUMBER_WIDTH, number);
}

static void
print_heading(FILE *out)
{
	(void)fprintf(out, "%*s", LABEL_WIDTH, "");
	for (size_t i = 0; i < COLUMNS; i++)
		(void)fprintf(out, "%*s", NUMBER_WIDTH, columns[i].word);
	(void)fputc('\n', out);
}

static void
print_row(FILE *out, bool inner, const char *name, struct counts counts)
{
	const char *indent = inner ? "    " : "";
	char *clean = text_clean(slice_of(name));
	char *label = text_format("%s%s", indent, clean);
	struct numbers numbers = numbers_of(counts);

	if (strlen(label) > LABEL_WIDTH) {
		text_paragraph(out, "", strlen(indent), 2, "%s", name);
		label[0] = '\0';
	}
	(void)fprintf(out, "%-*s", LABEL_WIDTH, label);
	for (size_t i = 0; i < COLUMNS; i++)
		print_number(out, numbers.all[i]);
	(void)fputc('\n', out);
	free(label);
	free(clean);
}

static void
mark_heading(FILE *out)
{
	(void)fputs("| |", out);
	for (size_t i = 0; i < COLUMNS; i++)
		(void)fprintf(out, " %s |", columns[i].word);
	(void)fputs("\n|:--|", out);
	for (size_t i = 0; i < COLUMNS; i++)
		(void)fputs("--:|", out);
	(void)fputc('\n', out);
}

static void
mark_row(FILE *out, bool inner, const char *name, struct counts counts)
{
	struct numbers numbers = numbers_of(counts);
	char *label = markup(name, NAME_LENGTH);

	(void)fprintf(out, inner ? "| &emsp;%s |" : "| **%s** |", label);
	for (size_t i = 0; i < COLUMNS; i++) {
		if (numbers.all[i] == 0)
			(void)fputs(" . |", out);
		else
			(void)fprintf(out, inner ? " %zu |" : " **%zu** |", numbers.all[i]);
	}
	(void)fputc('\n', out);
	free(label);
}

/* Return a row for each level and area that occurs, in the order of the page. The caller frees the rows. */
static struct row *
collect(const struct results *results, size_t *count)
{
	struct row *rows = allocated(calloc(results->count, sizeof(*rows)));

	*count = 0;
	for (size_t i = 0; i < results->count; i++) {
		const struct result *result = &results->all[i];
		struct row key = { result->level, result->area, { .holds = 0 } };
		size_t at = 0;
		while (at < *count && compare_rows(&rows[at], &key) != 0)
			at++;
		if (at == *count)
			rows[(*count)++] = key;
		counts_add(&rows[at].counts, result->outcome);
	}
	qsort(rows, *count, sizeof(*rows), compare_rows);
	return rows;
}

static struct counts
level_counts(const struct results *results, const char *level)
{
	struct counts counts = { .holds = 0 };

	for (size_t i = 0; i < results->count; i++)
		if (strcmp(results->all[i].level, level) == 0)
			counts_add(&counts, results->all[i].outcome);
	return counts;
}

/* What writes a table, as text or as Markdown: its heading, a row, the meaning of a word. */
struct writer {
	void (*heading)(FILE *);
	void (*row)(FILE *, bool inner, const char *name, struct counts);
	void (*word)(FILE *, const char *word, const char *meaning);
};

static void
print_word(FILE *out, const char *word, const char *meaning)
{
	(void)fprintf(out, "    %-12s%s\n", word, meaning);
}

static void
mark_word(FILE *out, const char *word, const char *meaning)
{
	(void)fprintf(out, "%s: %s<br>\n", word, meaning);
}

static void
print_table(FILE *out, const struct results *results, const struct writer *writer)
{
	size_t count;
	struct row *rows = collect(results, &count);

	writer->heading(out);
	for (size_t i = 0; i < count; i++) {
		const char *level = rows[i].level;
		if (i == 0 || strcmp(rows[i - 1].level, level) != 0)
			writer->row(out, false, title(levels, COUNT(levels), level), level_counts(results, level));
		writer->row(out, true, title(areas, AREAS, rows[i].area), rows[i].counts);
	}
	writer->row(out, false, "total", results_count(results));
	free(rows);
}

/* Explain the words that this table uses. */
static void
print_words(FILE *out, const struct results *results, const struct writer *writer)
{
	struct numbers numbers = numbers_of(results_count(results));

	(void)fputc('\n', out);
	for (size_t i = 0; i < COLUMNS; i++)
		if (numbers.all[i] > 0 && columns[i].meaning[0] != '\0')
			writer->word(out, columns[i].word, columns[i].meaning);
	for (size_t i = 0; i < COUNT(level_meanings); i++) {
		struct counts counts = level_counts(results, level_meanings[i].name);
		if (counts_ran(counts) + counts.skipped > 0)
			writer->word(out, level_meanings[i].name, level_meanings[i].title);
	}
}

void
table_print(FILE *out, const struct results *results)
{
	static const struct writer writer = { print_heading, print_row, print_word };

	print_table(out, results, &writer);
	print_words(out, results, &writer);
}

void
table_print_markdown(FILE *out, const struct results *results)
{
	static const struct writer writer = { mark_heading, mark_row, mark_word };

	print_table(out, results, &writer);
	print_words(out, results, &writer);
}
