/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The properties "require.*" of a case, atf-test-case(4): what it asks of the runner. ATF's library ignores them. In this
 * suite only the cases for root have one.
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
lacks_user(const struct listed_case *c)
{
	const struct slice user = case_property(c, "require.user");

	if (slice_equals(user, "root") && geteuid() != 0)
		return text_format("Requires root privileges");
	if (slice_equals(user, "unprivileged") && geteuid() == 0)
		return text_format("Requires an unprivileged user, and this runner does not become one");
	return NULL;
}

/* Why the first of these words that names something absent is a reason to skip. Null if all is there. */
static char *
lacks_one_of(struct slice words, bool (*is_there)(const char *), const char *kind, const char *place)
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
lacks_files(const struct listed_case *c)
{
	return lacks_one_of(case_property(c, "require.files"), is_file, "file", "");
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
lacks_programs(const struct listed_case *c)
{
	return lacks_one_of(case_property(c, "require.progs"), is_in_path, "program", " in PATH");
}

/* Without what these ask for, a case can crash or use too much of the machine. */
static char *
lacks_others(const struct listed_case *c)
{
	static const char *const properties[] = { "require.config", "require.arch", "require.machine", "require.memory",
		"require.diskspace", "require.kmods" };

	for (size_t i = 0; i < sizeof(properties) / sizeof(properties[0]); i++) {
		const struct slice value = case_property(c, properties[i]);

		if (value.length > 0)
			return text_format(
			    "This runner cannot tell %s '%.*s'", properties[i], (int)value.length, value.bytes);
	}
	return NULL;
}

typedef char *lacks(const struct listed_case *);

static lacks *const all[] = { lacks_user, lacks_files, lacks_programs, lacks_others };

char *
atf_requirement_lacking(const struct listed_case *c)
{
	char *reason = NULL;

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]) && reason == NULL; i++)
		reason = all[i](c);
	return reason;
}
