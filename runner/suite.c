/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "case_words.h"
#include "file_text.h"
#include "suite.h"

static void
add_program(struct suite *s, struct slice line)
{
	const char *tab = memchr(line.bytes, '\t', line.length);
	struct slice path = { line.bytes, tab == NULL ? line.length : (size_t)(tab - line.bytes) };
	struct test_program p = { .path = text_copy(path) };

	if (tab != NULL)
		p.absent = text_copy((struct slice){ tab + 1, line.length - path.length - 1 });
	p.file = text_format("%s/%s", s->top, p.path);
	s->programs = allocated(realloc(s->programs, (s->program_count + 1) * sizeof(p)));
	s->programs[s->program_count++] = p;
}

void
suite_read(struct suite *s, const char *top)
{
	char *path = text_format("%s/programs", top);
	char *text = file_text(path);
	struct slice rest;
	struct slice line;

	if (text == NULL)
		die("cannot read '%s': %s; --top names the directory that has it", path, strerror(errno));
	s->top = top;
	rest = slice_of(text);
	while (slice_line(&rest, &line))
		if (line.length > 0 && line.bytes[0] != '#')
			add_program(s, line);
	if (s->program_count == 0)
		die("'%s' names no program", path);
	free(text);
	free(path);
}

static bool
names_case(const char *word, const struct suite_case *c)
{
	/* If a program cannot be listed, its cases are not known. */
	if (strcmp(c->name, UNLISTED) == 0)
		return word_names_program(word, c->program->path);
	return word_names_case(word, c->program->path, c->name);
}

static struct suite_case *
add_case(struct suite *s, const struct test_program *p, struct slice name)
{
	struct suite_case c = { .program = p, .id = text_format("%s:%.*s", p->path, (int)name.length, name.bytes) };

	c.name = c.id + strlen(p->path) + 1;
	s->cases = allocated(realloc(s->cases, (s->case_count + 1) * sizeof(c)));
	s->cases[s->case_count] = c;
	return &s->cases[s->case_count++];
}

static void
add_unlisted(struct suite *s, const struct test_program *p, enum result result, char *reason)
{
	struct suite_case *c = add_case(s, p, slice_of(UNLISTED));

	c->is_decided = true;
	c->result = result;
	c->reason = reason;
}

static char *
list_path(size_t number, const char *what)
{
	return text_format("%s/list.%zu.%s", runs_directory(), number, what);
}

/* The text must stay: the cases' properties are parts of it. */
static void
add_listed(struct suite *s, const struct test_program *p, const char *text)
{
	struct slice rest = slice_of(text);
	struct listed_case listed;
	const size_t before = s->case_count;

	if (!case_list_begin(&rest)) {
		add_unlisted(s, p, RESULT_BROKEN, text_format("-l writes no list of cases"));
		return;
	}
	while (case_list_next(&rest, &listed)) {
		struct suite_case *c = add_case(s, p, listed.name);

		c->listed = listed;
		c->reason = atf_requirement_lacking(&listed);
		c->is_decided = c->reason != NULL;
		c->result = RESULT_SKIPPED;
	}
	if (s->case_count == before)
		add_unlisted(s, p, RESULT_BROKEN, text_format("-l lists no case"));
}

struct listing {
	char *text;   /* what the program wrote to standard output */
	char *errors; /* and to standard error */
	enum result result;
	char *reason;
};

static char *
take_text(size_t number, const char *what)
{
	char *path = list_path(number, what);
	char *text = file_text(path);

	remove(path);
	free(path);
	return text == NULL ? text_copy(slice_of("")) : text;
}

static void
take_listing(struct listing *l, const struct run *r)
{
	runs_expect(r->seconds);
	l->result = r->result;
	/* The reason of a plain program that fails is only the last line that it printed. */
	l->reason = text_format("-l: %s%s%s", r->result == RESULT_FAILED ? "it exited with status 1" : "",
	    r->result == RESULT_FAILED && r->reason[0] != '\0' ? ": " : "", r->reason);
	l->text = take_text(r->number, "output");
	l->errors = take_text(r->number, "errors");
}

static void
start_listing(const struct suite *s, const struct manner *m, size_t number)
{
	char *output = list_path(number, "output");
	char *errors = list_path(number, "errors");

	/* The strings must stay until the run is collected. */
	run_start(&(struct run){ .number = number,
	    .program = s->programs[number].file,
	    .argument = "-l",
	    .is_plain = true,
	    .options = m->options,
	    .under = m->wrapper,
	    .environment = m->environment,
	    .limit = m->limit,
	    .output = output,
	    .errors = errors });
}

static bool
list_programs(struct suite *s, const struct manner *m, struct listing *listings)
{
	struct run ended;
	size_t next = 0;

	for (;;) {
		while (next < s->program_count && runs_have_room()) {
			const struct test_program *p = &s->programs[next];

			if (p->is_wanted && p->absent == NULL)
				start_listing(s, m, next);
			next++;
		}
		if (run_collect(&ended)) {
			take_listing(&listings[ended.number], &ended);
			free((char *)(uintptr_t)ended.output);
			free((char *)(uintptr_t)ended.errors);
		} else if (runs_signal() != 0)
			return false;
		else if (next == s->program_count && runs_running() == 0)
			return true;
	}
}

/* A word that names nothing is the user's mistake. "words" are as given, "normal" the same as word_normal() has them. */
static void
select_programs(struct suite *s, const char *const *words, char *const *normal, size_t count)
{
	for (size_t i = 0; i < s->program_count; i++)
		s->programs[i].is_wanted = count == 0;
	for (size_t w = 0; w < count; w++) {
		bool is_known = false;

		for (size_t i = 0; i < s->program_count; i++)
			if (word_names_program(normal[w], s->programs[i].path))
				is_known = s->programs[i].is_wanted = true;
		if (!is_known)
			die("no program is named '%s'", words[w]);
	}
}

static bool
is_named(const struct suite_case *c, char *const *words, size_t count)
{
	for (size_t w = 0; w < count; w++)
		if (names_case(words[w], c))
			return true;
	return count == 0;
}

static void
select_cases(struct suite *s, const char *const *words, char *const *normal, size_t count)
{
	size_t kept = 0;

	for (size_t w = 0; w < count; w++) {
		bool is_known = false;

		for (size_t i = 0; i < s->case_count && !is_known; i++)
			is_known = names_case(normal[w], &s->cases[i]);
		if (!is_known)
			die("no case is named '%s'", words[w]);
	}
	for (size_t i = 0; i < s->case_count; i++) {
		if (is_named(&s->cases[i], normal, count)) {
			s->cases[kept++] = s->cases[i];
		} else {
			free(s->cases[i].id);
			free(s->cases[i].reason);
		}
	}
	s->case_count = kept;
}

/* What the program printed may be the only hint. */
static _Noreturn void
die_unlisted(const struct suite_case *c, const struct manner *m, const struct listing *l)
{
	fprintf(stderr, "%s: no program can list its cases%s%s%s: %s: %s\n", program_name,
	    m->under == NULL ? "" : " under '", m->under == NULL ? "" : m->under, m->under == NULL ? "" : "'",
	    c->program->path, c->reason);
	if (l->text[0] == '\0' && l->errors[0] == '\0')
		die("it printed nothing");
	fputs(l->text, stderr);
	fputs(l->errors, stderr);
	exit(2);
}

/* If no program can be listed, the wrapper is mistaken or the bundle is for another platform: no program is to blame. */
static void
check_listed(const struct suite *s, const struct manner *m, const struct listing *listings)
{
	const struct suite_case *first = NULL;

	for (size_t i = 0; i < s->case_count; i++) {
		const struct suite_case *c = &s->cases[i];

		if (strcmp(c->name, UNLISTED) != 0)
			return;
		if (first == NULL && c->result == RESULT_BROKEN)
			first = c;
	}
	if (first != NULL)
		die_unlisted(first, m, &listings[first->program - s->programs]);
}

static void
free_listings(struct listing *listings, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(listings[i].errors);
		free(listings[i].reason);
	}
	free(listings);
}

bool
suite_list(struct suite *s, const struct manner *m, const char *const *words, size_t count)
{
	struct listing *listings = allocated(calloc(s->program_count, sizeof(*listings)));
	char **normal = allocated(calloc(count + 1, sizeof(*normal)));

	for (size_t i = 0; i < count; i++)
		normal[i] = word_normal(words[i], s->top);
	select_programs(s, words, normal, count);
	if (!list_programs(s, m, listings))
		return false;
	for (size_t i = 0; i < s->program_count; i++) {
		struct test_program *p = &s->programs[i];
		const struct listing *l = &listings[i];

		p->list = l->text;
		if (!p->is_wanted)
			continue;
		if (p->absent != NULL)
			add_unlisted(s, p, RESULT_SKIPPED, text_format("not built here: %s", p->absent));
		else if (l->result != RESULT_PASSED)
			add_unlisted(s, p, RESULT_BROKEN, text_format("%s", l->reason));
		else
			add_listed(s, p, l->text);
	}
	check_listed(s, m, listings);
	free_listings(listings, s->program_count);
	select_cases(s, words, normal, count);
	for (size_t i = 0; i < count; i++)
		free(normal[i]);
	free(normal);
	return true;
}

const struct test_program *
suite_listed_program(const struct suite *s)
{
	for (size_t i = 0; i < s->case_count; i++)
		if (strcmp(s->cases[i].name, UNLISTED) != 0)
			return s->cases[i].program;
	return NULL;
}
