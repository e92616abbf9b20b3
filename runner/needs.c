/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What a case asks of whoever runs it, atf-test-case(4): the library looks at none of it. The cases of this suite ask for
 * their needs themselves; others may not.
 */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "suite.h"

/* Take the next word off the front; empty when there is none. */
static struct slice
next_word(struct slice *words)
{
	struct slice word;

	while (words->length > 0 && words->bytes[0] == ' ') {
		words->bytes++;
		words->length--;
	}
	word = (struct slice){ words->bytes, 0 };
	while (word.length < words->length && word.bytes[word.length] != ' ')
		word.length++;
	words->bytes += word.length;
	words->length -= word.length;
	return word;
}

static char *
need_of_user(const struct listed_case *c)
{
	const struct slice user = case_property(c, "require.user");

	if (slice_equals(user, "root") && geteuid() != 0)
		return text_format("Requires root privileges");
	if (slice_equals(user, "unprivileged") && geteuid() == 0)
		return text_format("Requires an unprivileged user, and this runner does not become one");
	return NULL;
}

/* Of these words the first that names what is not there. */
static char *
need_of_each(struct slice words, bool (*is_there)(const char *), const char *kind, const char *place)
{
	struct slice word;

	while ((word = next_word(&words)).length > 0) {
		char *name = text_copy(word);
		char *reason = is_there(name) ? NULL : text_format("Required %s '%s' not found%s", kind, name, place);

		free(name);
		if (reason != NULL)
			return reason;
	}
	return NULL;
}

static bool
is_file(const char *path)
{
	return access(path, F_OK) == 0;
}

static char *
need_of_files(const struct listed_case *c)
{
	return need_of_each(case_property(c, "require.files"), is_file, "file", "");
}

static bool
is_in_path(const char *program)
{
	const char *search = getenv("PATH");
	struct slice rest = slice_of(search == NULL ? "/usr/bin:/bin" : search);
	bool found = program[0] == '/' && access(program, X_OK) == 0;

	while (!found && rest.length > 0) {
		const char *colon = memchr(rest.bytes, ':', rest.length);
		size_t length = colon == NULL ? rest.length : (size_t)(colon - rest.bytes);
		char *path = text_format("%.*s/%s", (int)length, rest.bytes, program);

		found = access(path, X_OK) == 0;
		free(path);
		length += colon != NULL;
		rest.bytes += length;
		rest.length -= length;
	}
	return found;
}

static char *
need_of_programs(const struct listed_case *c)
{
	return need_of_each(case_property(c, "require.progs"), is_in_path, "program", " in PATH");
}

/* A case that is run without what these ask for crashes, or takes more than it may. */
static char *
need_of_others(const struct listed_case *c)
{
	static const char *const properties[] = { "require.config", "require.arch", "require.machine", "require.memory",
		"require.diskspace", "require.kmods" };

	for (size_t i = 0; i < sizeof(properties) / sizeof(properties[0]); i++) {
		const struct slice value = case_property(c, properties[i]);

		if (value.length > 0)
			return text_format(
			    "%s '%.*s' cannot be told by this runner", properties[i], (int)value.length, value.bytes);
	}
	return NULL;
}

typedef char *need(const struct listed_case *);

static need *const needs[] = { need_of_user, need_of_files, need_of_programs, need_of_others };

char *
need_of_case(const struct listed_case *c)
{
	char *reason = NULL;

	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]) && reason == NULL; i++)
		reason = needs[i](c);
	return reason;
}
