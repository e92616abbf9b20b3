/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <glob.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "case_list.h"
#include "file_text.h"
#include "matrix.h"
#include "text.h"

static glob_t programs;

static char *
list_path(size_t number)
{
	return text_format("%s/%zu.list", runs_directory(), number);
}

static void
prepare_list(struct matrix *m, size_t number, struct run *r)
{
	(void)m;
	r->program = programs.gl_pathv[number];
	r->argument = "-l";
	r->is_plain = true;
	r->output = list_path(number);
}

static void
take_list(struct matrix *m, const struct run *r)
{
	(void)m;
	if (r->result != RESULT_PASSED)
		die("%s -l %s: %s", r->program, result_name(r->result), r->reason);
	free((char *)(uintptr_t)r->output);
}

/* "sysv" of "tests/sysv/shmget_test", "platform" of "tests/platform_test". */
static char *
area_of(const char *program)
{
	const char *start = strchr(program, '/') + 1;
	size_t length = strcspn(start, "/");
	static const char suffix[] = "_test";

	if (start[length] == '\0')
		length -= sizeof(suffix) - 1;
	return text_copy((struct slice){ start, length });
}

static struct matrix_case *
add_case(struct matrix *m, const char *program, struct slice name)
{
	const char *relative = program + strlen(m->build) + 1;
	struct matrix_case c = { .program = text_copy(slice_of(program)), .area = area_of(relative) };

	c.id = text_format("%s:%.*s", relative, (int)name.length, name.bytes);
	c.name = strchr(c.id, ':') + 1;
	m->cases = allocated(realloc(m->cases, (m->case_count + 1) * sizeof(*m->cases)));
	m->cases[m->case_count] = c;
	return &m->cases[m->case_count++];
}

static void
read_list(struct matrix *m, size_t number)
{
	char *path = list_path(number);
	char *text = file_text(path);
	struct slice rest = slice_of(text == NULL ? "" : text);
	struct listed_case listed;
	size_t before = m->case_count;

	if (!case_list_begin(&rest))
		die("%s -l writes no list of cases", programs.gl_pathv[number]);
	while (case_list_next(&rest, &listed)) {
		const struct slice level = case_property(&listed, "X-level");
		struct matrix_case *c = add_case(m, programs.gl_pathv[number], listed.name);

		c->requirements = text_copy(case_property(&listed, "X-requirement"));
		c->is_binding = slice_equals(level, "SHALL") || slice_equals(level, "DOCUMENTED");
	}
	if (m->case_count == before)
		die("%s lists no case", programs.gl_pathv[number]);
	for (size_t i = before; i < m->case_count; i++)
		if (m->cases[i].requirements[0] == '\0')
			die("%s has no requirement", m->cases[i].id);
	free(text);
	free(path);
}

/* The explorer does what many cases do: a violation that it finds says nothing of one requirement. */
static bool
is_of_explorer(const char *program)
{
	return strstr(program, "/tests/explorer/") != NULL;
}

void
list_cases(struct matrix *m)
{
	char *above = text_format("%s/tests/*_test", m->build);
	char *below = text_format("%s/tests/*/*_test", m->build);

	glob(above, 0, NULL, &programs);
	glob(below, programs.gl_pathc > 0 ? GLOB_APPEND : 0, NULL, &programs);
	if (programs.gl_pathc == 0)
		die("no programs in '%s/tests': build them first", m->build);
	run_each(m, programs.gl_pathc, prepare_list, take_list);
	for (size_t i = 0; i < programs.gl_pathc; i++)
		if (!is_of_explorer(programs.gl_pathv[i]))
			read_list(m, i);
	globfree(&programs);
	free(below);
	free(above);
}

static void
prepare_rows(struct matrix *m, size_t number, struct run *r)
{
	(void)number;
	r->program = m->visible;
	r->argument = "-l";
	r->is_plain = true;
	r->output = list_path(0);
}

char *
next_field(struct slice *line)
{
	const char *tab = memchr(line->bytes, '\t', line->length);
	struct slice field = { line->bytes, tab == NULL ? line->length : (size_t)(tab - line->bytes) };
	size_t used = field.length + (tab != NULL);

	line->bytes += used;
	line->length -= used;
	return text_copy(field);
}

void
list_violations(struct matrix *m)
{
	char *path = list_path(0);
	char *text;
	struct slice rest;
	struct slice line;

	run_each(m, 1, prepare_rows, take_list);
	text = file_text(path);
	rest = slice_of(text == NULL ? "" : text);
	while (slice_line(&rest, &line)) {
		struct matrix_violation v = { .name = next_field(&line) };

		v.requirement = next_field(&line);
		v.interface = next_field(&line);
		v.kind = next_field(&line);
		v.origin = next_field(&line);
		if (v.origin[0] == '\0' || line.length > 0 || strchr(v.requirement, '.') == NULL)
			die("visible -l: not 'name requirement interface kind origin', tab-separated: '%s %s ...'",
			    v.name, v.requirement);
		for (size_t i = 0; i < m->violation_count; i++)
			if (strcmp(m->violations[i].name, v.name) == 0)
				die("two violations are named '%s'", v.name);
		m->violations = allocated(realloc(m->violations, (m->violation_count + 1) * sizeof(*m->violations)));
		m->violations[m->violation_count++] = v;
	}
	if (m->violation_count == 0)
		die("'%s -l' lists no violation", m->visible);
	free(text);
	free(path);
}

static struct matrix_case *
find_case(struct matrix *m, struct slice id)
{
	for (size_t i = 0; i < m->case_count; i++)
		if (slice_equals(id, m->cases[i].id))
			return &m->cases[i];
	return NULL;
}

static struct check_line *
find_check_line(struct matrix *m, struct slice id)
{
	for (size_t i = 0; i < m->check_line_count; i++)
		if (slice_equals(id, m->check_lines[i].id))
			return &m->check_lines[i];
	return NULL;
}

static void
add_stray_exception(struct matrix *m, struct slice id)
{
	m->stray_exceptions =
	    allocated(realloc(m->stray_exceptions, (m->stray_exception_count + 1) * sizeof(*m->stray_exceptions)));
	m->stray_exceptions[m->stray_exception_count++] = text_copy(id);
}

/* Empty lines and those that begin with # are for readers. */
void
read_exceptions(struct matrix *m, const char *file)
{
	char *text = file_text(file);
	struct slice rest;
	struct slice line;

	if (text == NULL)
		die("cannot read '%s': %s (the matrix is run at the top of the source tree)", file, strerror(errno));
	rest = slice_of(text);
	while (slice_line(&rest, &line)) {
		struct slice id = { line.bytes, 0 };
		struct matrix_case *c;
		struct check_line *check;

		if (line.length == 0 || line.bytes[0] == '#')
			continue;
		while (id.length < line.length && id.bytes[id.length] != ' ' && id.bytes[id.length] != '\t')
			id.length++;
		if (id.length + 1 >= line.length)
			die("%s: no reason: '%.*s'", file, (int)line.length, line.bytes);
		c = find_case(m, id);
		check = find_check_line(m, id);
		line = (struct slice){ id.bytes + id.length + 1, line.length - id.length - 1 };
		if (c != NULL && c->is_binding)
			c->exception = text_copy(line);
		else if (check != NULL)
			check->exception = text_copy(line);
		else
			add_stray_exception(m, id);
	}
	free(text);
}
