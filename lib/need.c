/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/types.h>

#include "platform/capability.h"
#include "check.h"
#include "instrument.h"
#include "need.h"
#include "platform.h"

/* Every text begins with it. */
static const char mark[] = "needs ";

const struct need *
need_among_sources(const char *source)
{
	/* The text is the first member. */
	return strncmp(source, mark, strlen(mark)) == 0 ? (const struct need *)(const void *)source : NULL;
}

void
need_ask(const struct need *n)
{
	if (n->ask != NULL)
		n->ask();
	if (n->ask_amount != NULL)
		n->ask_amount(n->amount);
}

void
need(bool holds, const char *format, ...)
{
	char text[256];
	va_list arguments;

	if (holds)
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	end_skipped("%s", text);
}

void
need_root(void)
{
	need(geteuid() == 0, "needs root");
}

void
need_ordinary_user(void)
{
	need(geteuid() != 0, "needs an ordinary user");
}

static const char *
name_of_platform(unsigned platform)
{
	return platform_name((enum platform)platform);
}

/* "FreeBSD or DragonFly" behind a beginning, for or-ed bits. Static memory. */
static const char *
names(const char *beginning, unsigned bits, const char *(*name)(unsigned bit))
{
	static char text[128];
	const char *before = beginning;

	text[0] = '\0';
	for (unsigned bit = 1; bit != 0 && bit <= bits; bit <<= 1) {
		if ((bits & bit) == 0)
			continue;
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s", before, name(bit));
		before = " or ";
	}
	return text;
}

void
need_platform(uintmax_t platforms)
{
	if (!platform_is((unsigned)platforms))
		end_skipped("this is for %s", names("", (unsigned)platforms, name_of_platform));
}

void
need_64_bit_addresses(void)
{
	need(UINTPTR_MAX > UINT32_MAX, "needs addresses of 64 bits");
}

void
need_64_bit_offsets(void)
{
	need(sizeof(off_t) > 4, "needs an off_t of 64 bits");
}

void
need_known_machine(void)
{
	static char code[64];

	need(store_function(code), "needs a machine whose code the suite knows");
}

void
need_no_instrument(uintmax_t instruments)
{
	for (unsigned bit = 1; bit <= instruments; bit <<= 1)
		need((instruments & bit) == 0 || !instrumented_by(bit),
		    "%s runs the program and affects what the case checks", instrument_name(bit));
}

/* "1 huge page" for "1 huge pages". Static memory. */
static const char *
singular(const char *plural)
{
	static char text[sizeof(((struct need *)NULL)->text)];
	const char *noun = strstr(plural, "pages");

	if (noun == NULL)
		return plural;
	snprintf(text, sizeof(text), "%.*s%s", (int)(noun + strlen("page") - plural), plural, noun + strlen("pages"));
	return text;
}

const char *
need_text(const struct need *n)
{
	const char *text = n->text + strlen(mark);

	if (n->ask_amount == need_platform)
		return names("", (unsigned)n->amount, name_of_platform);
	if (n->ask_amount == need_no_instrument)
		return names("no ", (unsigned)n->amount, instrument_name);
	return strncmp(text, "1 ", strlen("1 ")) == 0 ? singular(text) : text;
}

void
need_capability(uintmax_t capability)
{
	need(has_capability((enum capability)capability), "needs %s", capability_name((enum capability)capability));
}

void
need_capability_of_system(uintmax_t capability)
{
	need(has_capability_of_system((enum capability)capability), "needs %s of the whole system",
	    capability_name((enum capability)capability));
}
