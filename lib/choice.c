/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "choice.h"
#include "declaration.h"

static const struct test_case *running;

void
choice_begin(const struct test_case *c)
{
	running = c;
}

/* Whether the text is one of the alternatives: "EINVAL or ENOMEM". */
static bool
is_one_of(const char *alternatives, const char *text)
{
	static const char separator[] = " or ";
	size_t length = strlen(text);

	if (strcmp(alternatives, text) == 0)
		return true;
	for (const char *at = alternatives; at != NULL; at = strstr(at, separator)) {
		if (at != alternatives)
			at += strlen(separator);
		if (strncmp(at, text, length) == 0 &&
		    (at[length] == '\0' || strncmp(at + length, separator, strlen(separator)) == 0))
			return true;
	}
	return false;
}

/* The value that this choice documents for the key; null if it is about another key. */
static const char *
value_for(const char *choice, const char *key)
{
	const char *at = strstr(choice, ": ");
	size_t length = strlen(key);

	if (at == NULL || strncmp(at + 2, key, length) != 0 || strncmp(at + 2 + length, " = ", 3) != 0)
		return NULL;
	return at + 2 + length + 3;
}

static void
check_choices(const char *file, int line, const char *key, const char *seen)
{
	for (const char *const *source = running->sources; *source != NULL; source++) {
		const char *choice = choice_among_sources(*source);
		const char *value = choice == NULL ? NULL : value_for(choice, key);

		if (value != NULL && !is_one_of(value, seen) && is_promised_here(choice))
			check_failed(file, line, "%s: %s, expected %s by %.*s", key, seen, value,
			    (int)strcspn(choice, ":"), choice);
	}
}

void
observed_at(const char *file, int line, const char *key, const char *format, ...)
{
	char text[256];
	va_list arguments;
	int error = errno;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	printf("observed: %s = %s\n", key, text);
	fflush(stdout);
	if (running != NULL)
		check_choices(file, line, key, text);
	errno = error;
}
