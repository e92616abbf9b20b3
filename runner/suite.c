/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* Whether "tests/sysv" or "tests/sysv/shmget_test" names the path, or something below it. */
static bool
is_below(const char *path, const char *word, size_t length)
{
	return strncmp(path, word, length) == 0 && (path[length] == '\0' || path[length] == '/');
}

static bool
names_program(const char *word, const struct test_program *p)
{
	return is_below(p->path, word, strcspn(word, ":"));
}

static bool
names_case(const char *word, const struct suite_case *c)
{
	return strchr(word, ':') == NULL     ? names_program(word, c->program)
	    : strcmp(c->name, UNLISTED) == 0 ? names_program(word, c->program)
					     : strcmp(word, c->id) == 0;
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

/* The text stays, as the cases' properties are parts of it. */
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
		c->reason = need_of_case(&listed);
		c->is_decided = c->reason != NULL;
		c->result = RESULT_SKIPPED;
	}
	if (s->case_count == before)
		add_unlisted(s, p, RESULT_BROKEN, text_format("-l lists no case"));
}

struct listing {
	char *text;
	enum result result;
	char *reason;
};

static void
take_listing(struct listing *l, const struct run *r)
{
	char *path = list_path(r->number, "output");

	runs_expect(r->seconds);
	l->result = r->result;
	l->reason = text_format("-l: %s", r->reason);
	l->text = file_text(path);
	remove(path);
	free(path);
	path = list_path(r->number, "errors");
	remove(path);
	free(path);
}

static void
start_listing(const struct suite *s, const struct manner *m, size_t number)
{
	char *output = list_path(number, "output");
	char *errors = list_path(number, "errors");

	/* The strings stay until it is collected, by number. */
	run_start(&(struct run){ .number = number,
	    .program = s->programs[number].file,
	    .argument = "-l",
	    .is_plain = true,
	    .under = m->under,
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

/* A word that names nothing is a mistake of who gave it. */
static void
select_programs(struct suite *s, char *const *words, size_t count)
{
	for (size_t i = 0; i < s->program_count; i++)
		s->programs[i].is_wanted = count == 0;
	for (size_t w = 0; w < count; w++) {
		bool is_known = false;

		for (size_t i = 0; i < s->program_count; i++)
			if (names_program(words[w], &s->programs[i]))
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
select_cases(struct suite *s, char *const *words, size_t count)
{
	size_t kept = 0;

	for (size_t w = 0; w < count; w++) {
		bool is_known = false;

		for (size_t i = 0; i < s->case_count && !is_known; i++)
			is_known = names_case(words[w], &s->cases[i]);
		if (!is_known)
			die("no case is named '%s'", words[w]);
	}
	for (size_t i = 0; i < s->case_count; i++) {
		if (is_named(&s->cases[i], words, count)) {
			s->cases[kept++] = s->cases[i];
		} else {
			free(s->cases[i].id);
			free(s->cases[i].reason);
		}
	}
	s->case_count = kept;
}

bool
suite_list(struct suite *s, const struct manner *m, char *const *words, size_t count)
{
	struct listing *listings = allocated(calloc(s->program_count, sizeof(*listings)));

	select_programs(s, words, count);
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
			add_listed(s, p, l->text == NULL ? "" : l->text);
		free(l->reason);
	}
	free(listings);
	select_cases(s, words, count);
	return true;
}
