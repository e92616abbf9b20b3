/* SPDX-License-Identifier: BSD-2-Clause */

/* The checks of the cases, by their lines. A check that no violation fails proves nothing. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file_text.h"
#include "matrix.h"
#include "text.h"

/* How lib/record.c begins the line of a failed check. */
static const char failed_prefix[] = "*** Check failed: ";

void
list_check_lines(struct matrix *m, const char *file)
{
	char *text = file_text(file);
	struct slice rest;
	struct slice line;

	if (text == NULL)
		die("cannot read '%s': %s: run 'make matrix'", file, strerror(errno));
	rest = slice_of(text);
	while (slice_line(&rest, &line)) {
		struct check_line c = { .program = next_field(&line) };
		char *number = next_field(&line);
		char *name = next_field(&line);

		c.line = strtoul(number, NULL, 10);
		c.id = text_format("%s:%s", c.program, name);
		c.cases = next_field(&line);
		c.text = text_copy(line);
		if (c.line == 0 || c.text[0] == '\0')
			die("%s: not 'program line id cases text', tab-separated: '%s ...'", file, c.program);
		m->check_lines =
		    allocated(realloc(m->check_lines, (m->check_line_count + 1) * sizeof(*m->check_lines)));
		m->check_lines[m->check_line_count++] = c;
		free(number);
		free(name);
	}
	free(text);
}

/* Whether the case is one of these: "excl" stands for "excl__removed" as well. */
static bool
is_among(const char *names, const char *name)
{
	while (*names != '\0') {
		size_t length = strcspn(names, " ");

		if (strncmp(names, name, length) == 0 && (name[length] == '\0' || strncmp(name + length, "__", 2) == 0))
			return true;
		names += length;
		names += strspn(names, " ");
	}
	return false;
}

bool
is_reached_by(const struct check_line *line, const struct matrix_case *c)
{
	size_t length = strlen(line->program);

	return strncmp(line->program, c->id, length) == 0 && c->id[length] == ':' &&
	    (line->cases[0] == '\0' || is_among(line->cases, c->name));
}

/* Whether a case that holds here has it, and one that a violation can fail at all. */
static bool
is_looked_at(const struct matrix *m, const struct check_line *line)
{
	for (const struct matrix_case *c = m->cases; c < m->cases + m->case_count; c++)
		if (c->neutral.result == RESULT_PASSED && c->exception == NULL && is_reached_by(line, c))
			return true;
	return false;
}

bool
fails_line(const struct matrix *m, size_t violation, size_t line)
{
	return m->line_failures[violation * m->check_line_count + line];
}

bool
is_failed_line(const struct matrix *m, size_t line)
{
	for (size_t v = 0; v < m->violation_count; v++)
		if (fails_line(m, v, line))
			return true;
	return false;
}

/* "tests/sysv/shmget_test.c:44: ..." */
static void
take_line(struct matrix *m, size_t violation, struct slice where)
{
	for (size_t i = 0; i < m->check_line_count; i++) {
		const struct check_line *c = &m->check_lines[i];
		size_t length = strlen(c->program);

		if (where.length > length + 3 && strncmp(where.bytes, c->program, length) == 0 &&
		    strncmp(where.bytes + length, ".c:", 3) == 0 &&
		    strtoul(where.bytes + length + 3, NULL, 10) == c->line)
			m->line_failures[violation * m->check_line_count + i] = true;
	}
}

void
take_failed_lines(struct matrix *m, size_t violation, const char *output)
{
	char *text = file_text(output);
	struct slice rest = slice_of(text == NULL ? "" : text);
	struct slice line;

	while (slice_line(&rest, &line))
		if (slice_skip(&line, failed_prefix))
			take_line(m, violation, line);
	free(text);
}

bool
is_unfailed(const struct matrix *m, size_t line)
{
	return !is_failed_line(m, line) && is_looked_at(m, &m->check_lines[line]);
}

bool
is_shown(const struct matrix *m, const struct matrix_case *c)
{
	bool is_failed = false;

	if (c->neutral.result != RESULT_PASSED || c->exception != NULL)
		return true;
	for (size_t i = 0; i < m->check_line_count; i++)
		if (m->check_lines[i].exception == NULL && is_reached_by(&m->check_lines[i], c) &&
		    !is_failed_line(m, i))
			return false;
	for (size_t v = 0; v < m->violation_count && !is_failed; v++)
		is_failed = fails(m, v, (size_t)(c - m->cases));
	return is_failed;
}

void
print_unfailed(const struct matrix *m, FILE *f)
{
	for (size_t i = 0; i < m->check_line_count; i++) {
		const struct check_line *c = &m->check_lines[i];

		if (c->exception == NULL && is_unfailed(m, i))
			fprintf(f, "%s.c:%lu: %s\n", c->program, c->line, c->text);
	}
}
