/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdlib.h>
#include <string.h>

#include "block.h"
#include "file_text.h"
#include "matrix.h"
#include "text.h"

/* Lines "program count": no violation fails that number of its checks yet. Returns the count, 0 if the program has no line. */
static size_t
known_gap(const char *text, const char *program)
{
	struct slice rest = slice_of(text);
	struct slice line;

	while (slice_line(&rest, &line))
		if (slice_skip(&line, program) && slice_skip(&line, " "))
			return strtoul(line.bytes, NULL, 10);
	return 0;
}

static size_t
count_unfailed(const struct matrix *m, const char *program)
{
	size_t number = 0;

	for (size_t i = 0; i < m->check_line_count; i++)
		number += strcmp(m->check_lines[i].program, program) == 0 && m->check_lines[i].exception == NULL &&
		    is_unfailed(m, i);
	return number;
}

static void
show_line(struct block *b, const struct check_line *c)
{
	block_line(b, "%s.c:%lu (%s): %s", c->program, c->line, c->id + strlen(c->program) + 1, c->text);
}

/* Of one program: the lines from "first" to before "end". */
static void
judge_program(const struct matrix *m, size_t first, size_t end, size_t known, struct judgement *t,
    struct block *unfailed, struct block *smaller)
{
	const char *program = m->check_lines[first].program;
	size_t number = count_unfailed(m, program);

	if (number < known && !m->is_unprivileged) {
		block_line(smaller, "%s: %zu of %zu", program, number, known);
		t->failed++;
	}
	for (size_t i = first; i < end; i++) {
		if (m->check_lines[i].exception != NULL || !is_unfailed(m, i))
			continue;
		if (number <= known || m->is_unprivileged)
			t->skipped++;
		else {
			show_line(unfailed, &m->check_lines[i]);
			t->failed++;
		}
	}
}

void
judge_check_lines(const struct matrix *m, const char *gap_file, struct judgement *t, FILE *f)
{
	struct block unfailed = block_begin(
	    "Not shown able to fail: no violation fails these checks. Write a row that breaks what they check, take "
	    "them away when no platform can fail them, or say in selftest/violations/exceptions why there can be no "
	    "row.");
	/* Not counted: another machine may have what this check needs. */
	struct block needless = block_begin(
	    "Exceptions that this machine does not need (not counted): a violation fails these checks. If no machine "
	    "needs them, take them off the list.");
	struct block smaller = block_begin(
	    "Fewer checks than selftest/violations/unfailed tells are not failed. Lower the numbers there.");
	char *gap = file_text(gap_file);
	size_t end;

	for (size_t first = 0; first < m->check_line_count; first = end) {
		const char *program = m->check_lines[first].program;

		for (end = first; end < m->check_line_count; end++)
			if (strcmp(m->check_lines[end].program, program) != 0)
				break;
		judge_program(m, first, end, known_gap(gap == NULL ? "" : gap, program), t, &unfailed, &smaller);
	}
	for (size_t i = 0; i < m->check_line_count; i++) {
		const struct check_line *c = &m->check_lines[i];
		bool is_failed = is_failed_line(m, i);

		t->passed += is_failed && c->exception == NULL;
		if (is_failed && c->exception != NULL)
			show_line(&needless, c);
	}
	block_end(&unfailed, f);
	block_end(&needless, f);
	block_end(&smaller, f);
	free(gap);
}

/* For people who write the rows of an interface. */
void
list_unfailed_lines(
    const struct matrix *m, bool (*is_wanted)(const struct matrix *, const struct matrix_case *), FILE *f)
{
	struct block b = block_begin("These checks are failed by none of the violations chosen (not counted):");

	for (size_t i = 0; i < m->check_line_count; i++) {
		const struct check_line *line = &m->check_lines[i];
		bool is_shown = false;

		for (const struct matrix_case *c = m->cases; c < m->cases + m->case_count && !is_shown; c++)
			is_shown = is_reached_by(line, c) && is_wanted(m, c);
		if (is_shown && line->exception == NULL && is_unfailed(m, i))
			show_line(&b, line);
	}
	block_end(&b, f);
}
