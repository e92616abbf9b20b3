/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file_text.h"
#include "manner.h"
#include "run_case.h"
#include "text.h"
#include "wrapper.h"

/* Ends with a null pointer. The words stay as long as the process. */
static const char *const *
words_of(const char *command)
{
	struct slice rest;
	const char **words = allocated(calloc(strlen(command) / 2 + 2, sizeof(*words)));
	size_t count = 0;

	for (rest = slice_of(command); rest.length > 0;) {
		const size_t blanks = strspn(rest.bytes, " \t");
		const size_t length = strcspn(rest.bytes + blanks, " \t");

		if (length > 0)
			words[count++] = text_copy((struct slice){ rest.bytes + blanks, length });
		rest.bytes += blanks + length;
		rest.length -= blanks + length;
	}
	return words;
}

struct manner
manner_of(const struct request *r)
{
	/* With a null pointer at the end. They stay as long as the process. */
	const char **options = allocated(calloc(2 * (r->variable_count + 2) + 1, sizeof(*options)));
	struct manner m = { .under = r->under, .limit = r->timeout, .options = options };
	size_t count = 0;

	if (r->require != NULL) {
		options[count++] = "-v";
		options[count++] = text_format("require=%s", r->require);
	}
	if (r->file_directory != NULL) {
		options[count++] = "-v";
		options[count++] = text_format("file_directory=%s", r->file_directory);
	}
	for (size_t i = 0; i < r->variable_count; i++) {
		options[count++] = "-v";
		options[count++] = r->variables[i];
	}
	if (r->under == NULL)
		return m;
	m.wrapper = words_of(r->under);
	if (m.wrapper[0] == NULL)
		die("--under has no word");
	return m;
}

/* Whether the wrapper loses what a program executes, lib/wrapper.h. Another suite's program does not know the question. */
static bool
wrapper_loses(const char *program, const struct manner *m)
{
	char *answer = text_format("%s/answer", runs_directory());
	char *text;
	bool loses;
	struct run ended;

	/* If it fails, the cases that follow tell more. */
	run_start(&(struct run){ .program = program,
	    .argument = WRAPPER_QUESTION,
	    .is_plain = true,
	    .under = m->wrapper,
	    .limit = m->limit,
	    .output = answer });
	while (!run_collect(&ended) && runs_signal() == 0)
		;
	text = file_text(answer);
	loses = text != NULL && strstr(text, WRAPPER_LOSES) != NULL;
	free(text);
	remove(answer);
	free(answer);
	return loses;
}

void
manner_learn(struct manner *m, const char *program)
{
	static const char *environment[2];

	if (m->wrapper == NULL || !wrapper_loses(program, m))
		return;
	environment[0] = text_format("SHMCHECK_UNDER=%s", m->under);
	m->environment = environment;
}
