/* SPDX-License-Identifier: BSD-2-Clause */

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "case_words.h"
#include "text.h"

/* Remove empty parts and parts that are ".", in place. */
static void
simplify(char *path)
{
	char *to = path;

	for (const char *from = path; *from != '\0';) {
		const size_t length = strcspn(from, "/");

		if (length > 0 && !(length == 1 && from[0] == '.')) {
			if (to > path)
				*to++ = '/';
			memmove(to, from, length);
			to += length;
		}
		from += length;
		from += *from == '/';
	}
	*to = '\0';
}

/* The program's source, object and dependencies stand beside it. */
static void
cut_suffix(char *path)
{
	const size_t length = strlen(path);

	if (length > 2 && path[length - 2] == '.' && strchr("cdo", path[length - 1]) != NULL)
		path[length - 2] = '\0';
}

char *
word_normal(const char *word, const char *top)
{
	const size_t above = strlen(top);
	char *path;
	char *normal;

	if (strncmp(word, top, above) == 0 && (word[above] == '/' || word[above] == '\0'))
		word += above;
	const size_t length = strcspn(word, ":");
	path = text_copy((struct slice){ word, length });
	simplify(path);
	cut_suffix(path);
	normal = text_format("%s%s", path[0] == '\0' ? "*" : path, word + length);
	free(path);
	return normal;
}

/* Whether the pattern matches the path or a directory above it. */
static bool
matches_above(const char *pattern, const char *path)
{
	char *part = text_copy(slice_of(path));
	bool matches = false;

	for (char *end = part + strlen(part); !matches && end != NULL; end = strrchr(part, '/')) {
		*end = '\0';
		matches = strcmp(pattern, part) == 0 || fnmatch(pattern, part, FNM_PATHNAME) == 0;
	}
	free(part);
	return matches;
}

bool
word_names_program(const char *word, const char *program)
{
	char *pattern = text_copy((struct slice){ word, strcspn(word, ":") });
	const bool matches = matches_above(pattern, program);

	free(pattern);
	return matches;
}

bool
word_names_case(const char *word, const char *program, const char *name)
{
	const char *colon = strchr(word, ':');

	if (!word_names_program(word, program))
		return false;
	return colon == NULL || strcmp(colon + 1, name) == 0 || fnmatch(colon + 1, name, 0) == 0;
}
