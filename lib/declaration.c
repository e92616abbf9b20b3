/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "declaration.h"
#include "need.h"
#include "platform.h"

const char *
level_name(enum level level)
{
	switch (level) {
	case SHALL:
		return "SHALL";
	case DOCUMENTED:
		return "DOCUMENTED";
	case MAY:
		return "MAY";
	case OBSERVED:
		break;
	}
	return "OBSERVED";
}

static bool
starts_with(const char *text, const char *word)
{
	return strncmp(text, word, strlen(word)) == 0;
}

/* An ALSO("id") among the sources. */
static bool
is_also(const char *source)
{
	return starts_with(source, "also ");
}

static void
append(char text[DECLARATION_SIZE], const char *separator, const char *more)
{
	size_t used = strlen(text);

	snprintf(text + used, DECLARATION_SIZE - used, "%s%s", used == 0 ? "" : separator, more);
}

/* shmget and excl_existing_key__twice: shmget.excl-existing-key. */
const char *
requirement_of(const struct test_case *c, char text[DECLARATION_SIZE])
{
	const char *variant = strstr(c->name, "__");
	int length = variant == NULL ? (int)strlen(c->name) : (int)(variant - c->name);
	int start = snprintf(text, DECLARATION_SIZE, "%s.", c->interface);

	snprintf(text + start, DECLARATION_SIZE - (size_t)start, "%.*s", length, c->name);
	for (char *at = text + start; *at != '\0'; at++)
		if (*at == '_')
			*at = '-';
	for (const char *const *source = c->sources; *source != NULL; source++)
		if (is_also(*source))
			append(text, " ", *source + strlen("also "));
	return text;
}

const char *
choice_among_sources(const char *source)
{
	static const char mark[] = "choice ";

	return starts_with(source, mark) ? source + strlen(mark) : NULL;
}

static const char *
covered_among_sources(const char *source)
{
	static const char mark[] = "covers ";

	return starts_with(source, mark) ? source + strlen(mark) : NULL;
}

/* Whether one of the items, which "; " separates, is the item of that length. */
static bool
has_item(const char *items, const char *item, size_t length)
{
	for (const char *at = items; *at != '\0'; at += strcspn(at, ";"), at += strspn(at, "; "))
		if (strncmp(at, item, length) == 0 && (at[length] == '\0' || at[length] == ';'))
			return true;
	return false;
}

static void
append_source_of_choice(char text[DECLARATION_SIZE], const char *choice)
{
	char source[128];
	size_t length = strcspn(choice, ":");

	snprintf(source, sizeof(source), "%.*s", (int)length, choice);
	if (!has_item(text, source, length))
		append(text, "; ", source);
}

const char *
sources_of(const struct test_case *c, char text[DECLARATION_SIZE])
{
	text[0] = '\0';
	for (const char *const *source = c->sources; *source != NULL; source++) {
		const char *choice = choice_among_sources(*source);

		if (choice != NULL)
			append_source_of_choice(text, choice);
		else if (!is_also(*source) && covered_among_sources(*source) == NULL &&
		    need_among_sources(*source) == NULL)
			append(text, "; ", *source);
	}
	return text;
}

const char *
choices_of(const struct test_case *c, char text[DECLARATION_SIZE])
{
	text[0] = '\0';
	for (const char *const *source = c->sources; *source != NULL; source++)
		if (choice_among_sources(*source) != NULL)
			append(text, "; ", choice_among_sources(*source));
	return text;
}

const char *
covered_by(const struct test_case *c, char text[DECLARATION_SIZE])
{
	text[0] = '\0';
	for (const char *const *source = c->sources; *source != NULL; source++)
		if (covered_among_sources(*source) != NULL)
			append(text, " ", covered_among_sources(*source));
	return text;
}

/* Call the function with each need of the program and then with each need of the case. */
static void
for_each_need(const struct test_case *c, void (*function)(const struct need *, void *), void *argument)
{
	for (const char *const *at = c->interface_needs; *at != NULL; at++)
		function(need_among_sources(*at), argument);
	for (const char *const *at = c->sources; *at != NULL; at++)
		if (need_among_sources(*at) != NULL)
			function(need_among_sources(*at), argument);
}

static void
append_need(const struct need *n, void *text)
{
	append(text, "; ", need_text(n));
}

const char *
needs_of(const struct test_case *c, char text[DECLARATION_SIZE])
{
	text[0] = '\0';
	for_each_need(c, append_need, text);
	return text;
}

static void
note_user(const struct need *n, void *user)
{
	if (n->user != NULL)
		*(const char **)user = n->user;
}

const char *
user_of(const struct test_case *c)
{
	const char *user = NULL;

	for_each_need(c, note_user, &user);
	return user;
}

static void
ask(const struct need *n, void *nothing)
{
	(void)nothing;
	need_ask(n);
}

void
ask_for_needs(const struct test_case *c)
{
	for_each_need(c, ask, NULL);
}

/* What follows the name of this platform, or of its C library, in the source: null if the source is another's. */
static const char *
behind_name_of_platform(const char *source)
{
	static const enum platform names[] = { LINUX, FREEBSD, NETBSD, OPENBSD, DRAGONFLY, MACOS, ILLUMOS, GLIBC,
		MUSL };

	for (size_t i = 0; i < nitems(names); i++) {
		const char *name = platform_name(names[i]);

		if (platform_is(names[i]) && starts_with(source, name) && source[strlen(name)] == ' ')
			return source + strlen(name) + 1;
	}
	return NULL;
}

bool
is_promised_here(const char *source)
{
	const char *rest = behind_name_of_platform(source);

	return rest != NULL && version_is_at_least(rest);
}

void
need_promise(const struct test_case *c)
{
	const char *later = NULL;

	for (const char *const *at = c->sources; *at != NULL; at++) {
		const char *choice = choice_among_sources(*at);
		const char *source = choice == NULL ? *at : choice;

		if (starts_with(source, "POSIX") || starts_with(source, "ISO") || is_promised_here(source))
			return;
		if (behind_name_of_platform(source) != NULL)
			later = behind_name_of_platform(source);
	}
	if (later != NULL)
		end_skipped(
		    "%s promises this since version %.*s", platform_name(platform()), (int)strcspn(later, " "), later);
	end_skipped("no manual of %s promises this", platform_name(platform()));
}
