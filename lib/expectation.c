/* SPDX-License-Identifier: BSD-2-Clause */

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "expectation.h"
#include "names.h"

enum { NAME_SIZE = 32 };

static char reasons[1024];
static bool is_certain;
static unsigned failures_before;
static bool is_noted;   /* a check has failed since */
static bool names_seen; /* it saw an error or a signal that the reasons name */

void
expectation_add(const char *reason, bool always, unsigned failures)
{
	size_t used = strlen(reasons);

	if (used == 0)
		failures_before = failures;
	if (strstr(reasons, reason) == NULL)
		snprintf(reasons + used, sizeof(reasons) - used, "%s%s", used == 0 ? "" : "; ", reason);
	is_certain |= always;
}

/* What the platform does stands before the reference, which is in parentheses and may name errors, too. */
static bool
is_in_reference(const char *text, const char *at)
{
	int depth = 0;

	for (; text < at; text++)
		depth += (*text == '(') - (*text == ')');
	return depth > 0;
}

/* Store the next name of an error or a signal, and return what follows it; null if there is none. */
static const char *
next_name(const char *at, char name[NAME_SIZE])
{
	static const char raises[] = "raises ";

	for (; *at != '\0'; at++) {
		size_t length = 0;

		if (at != reasons && (isalnum((unsigned char)at[-1]) || at[-1] == '_'))
			continue;
		while (isupper((unsigned char)at[length]) || isdigit((unsigned char)at[length]) || at[length] == '_')
			length++;
		if (length == 0 || length >= NAME_SIZE || is_in_reference(reasons, at))
			continue;
		memcpy(name, at, length);
		name[length] = '\0';
		if (is_errno_name(name) ||
		    (is_signal_name(name) && at >= reasons + strlen(raises) &&
			strncmp(at - strlen(raises), raises, strlen(raises)) == 0))
			return at + length;
	}
	return NULL;
}

/* Whether the message tells before "expected" that this was seen: "failed with EINVAL, expected ENOMEM". */
static bool
tells(const char *message, const char *name)
{
	const char *end = strstr(message, ", expected");
	size_t length = strlen(name);

	for (const char *at = message; (at = strstr(at, name)) != NULL; at += length)
		if ((end == NULL || at < end) && !isalnum((unsigned char)at[length]))
			return true;
	return false;
}

void
expectation_note(const char *message)
{
	char name[NAME_SIZE];

	is_noted |= reasons[0] != '\0';
	for (const char *at = reasons; (at = next_name(at, name)) != NULL;)
		names_seen |= tells(message, name);
}

const char *
expectation_reasons(void)
{
	return failures_before == 0 ? reasons : "";
}

void
expectation_drop(void)
{
	reasons[0] = '\0';
	is_certain = false;
}

bool
expectation_is_certain(void)
{
	return is_certain;
}

bool
expectation_is_met(void)
{
	char name[NAME_SIZE];

	return !is_noted || names_seen || next_name(reasons, name) == NULL;
}
