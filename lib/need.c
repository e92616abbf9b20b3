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

const struct need *
need_among_sources(const char *source)
{
	static const char mark[] = "needs ";

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

void
need_platform(uintmax_t platforms)
{
	char names[128] = "";

	if (platform_is((unsigned)platforms))
		return;
	for (unsigned bit = 1; bit <= MUSL; bit <<= 1)
		if ((platforms & bit) != 0)
			snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s",
			    names[0] == '\0' ? "" : " or ", platform_name((enum platform)bit));
	end_skipped("this is for %s", names);
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
need_no_instrument(uintmax_t instruments)
{
	need(!instrumented_by((unsigned)instruments), "%s runs the program and affects what the case checks",
	    instrument_name((unsigned)instruments));
}

void
need_capability(uintmax_t capability)
{
	need(has_capability((enum capability)capability), "needs %s", capability_name((enum capability)capability));
}
