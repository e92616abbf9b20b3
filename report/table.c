/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdlib.h>
#include <string.h>

#include "area.h"
#include "markup.h"
#include "table.h"

#define LABEL_WIDTH  40
#define NUMBER_WIDTH 10

/* What a table in Markdown shows of a name that this program does not know. */
#define NAME_LENGTH 80

/* In the order of the page. */
static const struct title levels[] = {
	{ "SHALL", "SHALL" },
	{ "DOCUMENTED", "DOCUMENTED" },
	{ "MAY", "MAY" },
	{ "OBSERVED", "OBSERVED" },
	{ "", "no level" },
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

/* Known names in their order, then the others by name. */
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

static size_t
all_of(struct counts counts)
{
	return counts.holds + counts.deviates + counts.fails + counts.skipped;
}

static void
print_number(FILE *out, size_t number)
{
	/* A dot, so that what is not zero stands out. */
	if (number == 0)
		(void)fprintf(out, "%*s", NUMBER_WIDTH, ".");
	else
		(void)fprintf(out, "%*zu", NUMBER_WIDTH, number);
}

static void
print_heading(FILE *out)
{
	(void)fprintf(out, "%*s%*s%*s%*s%*s%*s\n", LABEL_WIDTH, "", NUMBER_WIDTH, "hold", NUMBER_WIDTH, "deviate",
	    NUMBER_WIDTH, "fail", NUMBER_WIDTH, "skipped", NUMBER_WIDTH, "cases");
}

static void
print_row(FILE *out, bool inner, const char *name, struct counts counts)
{
	const char *indent = inner ? "    " : "";
	char *clean = text_clean(slice_of(name));
	char *label = text_format("%s%s", indent, clean);

	if (strlen(label) > LABEL_WIDTH) {
		text_paragraph(out, "", strlen(indent), 2, "%s", name);
		label[0] = '\0';
	}
	(void)fprintf(out, "%-*s", LABEL_WIDTH, label);
	print_number(out, counts.holds);
	print_number(out, counts.deviates);
	print_number(out, counts.fails);
	print_number(out, counts.skipped);
	print_number(out, all_of(counts));
	(void)fputc('\n', out);
	free(label);
	free(clean);
}

static void
mark_heading(FILE *out)
{
	(void)fputs("| | hold | deviate | fail | skipped | cases |\n|:--|--:|--:|--:|--:|--:|\n", out);
}

static void
mark_row(FILE *out, bool inner, const char *name, struct counts counts)
{
	const size_t numbers[] = { counts.holds, counts.deviates, counts.fails, counts.skipped, all_of(counts) };
	char *label = markup(name, NAME_LENGTH);

	(void)fprintf(out, inner ? "| &emsp;%s |" : "| **%s** |", label);
	for (size_t i = 0; i < COUNT(numbers); i++) {
		if (numbers[i] == 0)
			(void)fputs(" . |", out);
		else
			(void)fprintf(out, inner ? " %zu |" : " **%zu** |", numbers[i]);
	}
	(void)fputc('\n', out);
	free(label);
}

/* One row for each level and area that occur, in the order of the page. The caller frees them. */
static struct row *
collect(const struct results *results, size_t *count)
{
	struct row *rows = allocated(calloc(results->count, sizeof(*rows)));

	*count = 0;
	for (size_t i = 0; i < results->count; i++) {
		const struct result *result = &results->all[i];
		struct row key = { result->level, result->area, { 0, 0, 0, 0 } };
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
	struct counts counts = { 0, 0, 0, 0 };

	for (size_t i = 0; i < results->count; i++)
		if (strcmp(results->all[i].level, level) == 0)
			counts_add(&counts, results->all[i].outcome);
	return counts;
}

/* The form of a table: its heading, and what writes one row. */
struct form {
	void (*heading)(FILE *);
	void (*row)(FILE *, bool inner, const char *name, struct counts);
};

static void
print_table(FILE *out, const struct results *results, const struct form *form)
{
	size_t count;
	struct row *rows = collect(results, &count);

	form->heading(out);
	for (size_t i = 0; i < count; i++) {
		const char *level = rows[i].level;
		if (i == 0 || strcmp(rows[i - 1].level, level) != 0)
			form->row(out, false, title(levels, COUNT(levels), level), level_counts(results, level));
		form->row(out, true, title(areas, AREAS, rows[i].area), rows[i].counts);
	}
	form->row(out, false, "total", results_count(results));
	free(rows);
}

void
table_print(FILE *out, const struct results *results)
{
	static const struct form form = { print_heading, print_row };

	print_table(out, results, &form);
}

void
table_print_markdown(FILE *out, const struct results *results)
{
	static const struct form form = { mark_heading, mark_row };

	print_table(out, results, &form);
}
