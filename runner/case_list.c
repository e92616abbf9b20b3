/* SPDX-License-Identifier: BSD-2-Clause */

#include "case_list.h"

bool
case_list_begin(struct slice *text)
{
	struct slice line;

	return slice_line(text, &line) && slice_skip(&line, "Content-Type: application/X-atf-tp; version=\"1\"") &&
	    line.length == 0;
}

bool
case_list_next(struct slice *text, struct listed_case *c)
{
	struct slice line;

	do {
		if (!slice_line(text, &line))
			return false;
	} while (!slice_skip(&line, "ident: "));
	c->name = line;
	c->properties = (struct slice){ text->bytes, 0 };
	/* An empty line ends the properties. */
	while (slice_line(text, &line) && line.length > 0)
		c->properties.length = (size_t)(text->bytes - c->properties.bytes);
	return true;
}

struct slice
case_property(const struct listed_case *c, const char *name)
{
	struct slice rest = c->properties;
	struct slice line;

	while (slice_line(&rest, &line))
		if (slice_skip(&line, name) && slice_skip(&line, ": "))
			return line;
	return slice_of("");
}
