/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "script.h"

void
operation_print(const struct operation *o, char *line, size_t size)
{
	const struct operation_form *form = operation_form(o->kind);
	int at = snprintf(line, size, "p%u %s", o->process, form->name);

	for (const enum argument *a = form->takes; *a != ARGUMENTS && at >= 0 && (size_t)at < size; a++) {
		const struct argument_form *f = argument_form(*a);
		const unsigned number = o->arguments[*a];

		if (f->is_optional && number == 0)
			continue;
		if (f->words != NULL)
			at += snprintf(line + at, size - (size_t)at, " %s=%s", f->name, f->words[number]);
		else
			at += snprintf(line + at, size - (size_t)at, " %s=%u", f->name, number + f->first);
	}
}

void
script_write(FILE *to, const struct script *s)
{
	char line[LINE_SIZE];

	if (s->unit != 1)
		fprintf(to, "unit %u\n", s->unit);
	for (unsigned i = 0; i < s->count; i++) {
		operation_print(&s->operations[i], line, sizeof(line));
		fprintf(to, "%s\n", line);
	}
}

/* What is wrong with a line. Always returns false. */
struct complaint {
	char *text;
	size_t size;
	unsigned line;
};

static bool complain(const struct complaint *, const char *format, ...) __attribute__((__format__(__printf__, 2, 3)));

static bool
complain(const struct complaint *c, const char *format, ...)
{
	va_list arguments;
	int at = snprintf(c->text, c->size, "line %u: ", c->line);

	va_start(arguments, format);
	if (at >= 0 && (size_t)at < c->size)
		vsnprintf(c->text + at, c->size - (size_t)at, format, arguments);
	va_end(arguments);
	return false;
}

/* A number from first on, of "count" numbers; as it is counted from 0. */
static bool
number_of(const char *text, unsigned first, unsigned count, unsigned *number)
{
	char *end;
	unsigned long found;

	if (*text < '0' || *text > '9')
		return false;
	found = strtoul(text, &end, 10);
	if (*end != '\0' || found < first || found - first >= count)
		return false;
	*number = (unsigned)found - first;
	return true;
}

static bool
read_value(const struct argument_form *f, const char *text, unsigned *number)
{
	if (f->words == NULL)
		return number_of(text, f->first, f->count, number);
	for (*number = 0; *number < f->count; ++*number)
		if (strcmp(f->words[*number], text) == 0)
			return true;
	return false;
}

/* The value behind the name of an argument, or null if the word has not that name. */
static const char *
value_in(const char *word, const char *name)
{
	const size_t length = strlen(name);

	return word != NULL && strncmp(word, name, length) == 0 && word[length] == '=' ? word + length + 1 : NULL;
}

/* The rest of the words of the line: each argument once, in the order in which they are printed. */
static bool
read_arguments(struct operation *o, const struct complaint *c, char **rest)
{
	const struct operation_form *form = operation_form(o->kind);
	const char *word = strtok_r(NULL, " \t", rest);

	for (const enum argument *a = form->takes; *a != ARGUMENTS; a++) {
		const struct argument_form *f = argument_form(*a);
		const char *value = value_in(word, f->name);
		unsigned number;

		if (value == NULL && f->is_optional)
			continue;
		if (value == NULL)
			return complain(c, "%s needs %s=, not '%.40s'", form->name, f->name, word == NULL ? "" : word);
		if (!read_value(f, value, &number))
			return complain(c, "'%.40s' is no value of %s", value, f->name);
		o->arguments[*a] = (uint8_t)number;
		word = strtok_r(NULL, " \t", rest);
	}
	return word == NULL || complain(c, "'%.40s' is more than %s takes", word, form->name);
}

static bool
read_operation(struct operation *o, const struct complaint *c, const char *process, char **rest)
{
	const char *name = strtok_r(NULL, " \t", rest);
	unsigned number;

	memset(o, 0, sizeof(*o));
	if (process[0] != 'p' || !number_of(process + 1, 0, PROCESSES, &number))
		return complain(c, "'%.40s' is no process: p0 to p%d are", process, PROCESSES - 1);
	o->process = (uint8_t)number;
	for (o->kind = 0; name != NULL && o->kind < OPERATIONS; o->kind++)
		if (strcmp(operation_form(o->kind)->name, name) == 0)
			return read_arguments(o, c, rest);
	return complain(c, "'%.40s' is no operation", name == NULL ? "" : name);
}

/* "unit N", which is said before the first operation. */
static bool
read_unit(struct script_reader *r, const struct script *s, const struct complaint *c, char **rest)
{
	const char *word = strtok_r(NULL, " \t", rest);
	unsigned number;

	if (s->count > 0 || word == NULL || !number_of(word, 1, UNIT_MAX, &number))
		return complain(c, "'unit N' comes first, with N from 1 to %d", UNIT_MAX);
	r->unit = number + 1;
	return true;
}

/* Cut the answer off the line. */
static void
take_answer(char *line, char *answer)
{
	char *arrow = strstr(line, ANSWER_ARROW);

	if (arrow == NULL)
		return;
	*arrow = '\0';
	if (answer != NULL)
		snprintf(answer, ANSWER_SIZE, "%s", arrow + strlen(ANSWER_ARROW));
}

static bool
read_line(struct script_reader *r, struct script *s, script_answers answers, const struct complaint *c, char *line)
{
	char *answer = answers == NULL || s->count == SCRIPT_MAX ? NULL : answers[s->count];
	char *rest;
	char *word;

	line[strcspn(line, "#\r\n")] = '\0';
	if (answer != NULL)
		*answer = '\0';
	take_answer(line, answer);
	word = strtok_r(line, " \t", &rest);
	if (word == NULL)
		return true;
	if (r->has_ended)
		return complain(c, "something is behind the end");
	if (strcmp(word, "unit") == 0)
		return read_unit(r, s, c, &rest);
	if (s->count == SCRIPT_MAX)
		return complain(c, "there are more than %d operations", SCRIPT_MAX);
	return read_operation(&s->operations[s->count++], c, word, &rest);
}

bool
script_read_round(struct script_reader *r, struct script *s, script_answers answers, char *wrong, size_t size)
{
	struct complaint c = { .text = wrong, .size = size };
	char line[400];

	s->count = 0;
	while (fgets(line, sizeof(line), r->file) != NULL) {
		c.line = ++r->line;
		r->is_cut_short = strchr(line, '\n') == NULL;
		if (r->is_cut_short && !feof(r->file))
			return complain(&c, "it is longer than %zu bytes", sizeof(line) - 2);
		if (strcmp(line, ROUND_LINE) == 0) {
			const bool is_next = r->is_record;

			r->is_record = true;
			if (is_next)
				break;
		} else if (strcmp(line, END_LINE) == 0 && r->is_record) {
			r->has_ended = true;
		} else if (!read_line(r, s, answers, &c, line)) {
			/* What was being written when the platform went down. */
			if (!r->is_record || !r->is_cut_short)
				return false;
			s->count--;
		}
	}
	s->unit = r->unit == 0 ? 1 : r->unit;
	return !ferror(r->file) || complain(&c, "cannot be read");
}
