/* SPDX-License-Identifier: BSD-2-Clause */

#include <string.h>

#include "items.h"

/* Items are between separators. Blanks around an item are none of it, and an item that is empty is none. */
static bool
item_next(struct slice *rest, char separator, struct slice *item)
{
	while (rest->length > 0) {
		const char *end = memchr(rest->bytes, separator, rest->length);
		size_t length = end == NULL ? rest->length : (size_t)(end - rest->bytes);
		size_t taken = length + (end != NULL);
		*item = (struct slice){ rest->bytes, length };
		rest->bytes += taken;
		rest->length -= taken;
		while (slice_skip(item, " "))
			;
		while (item->length > 0 && item->bytes[item->length - 1] == ' ')
			item->length--;
		if (item->length > 0)
			return true;
	}
	return false;
}

bool
requirement_next(struct slice *rest, struct slice *requirement)
{
	return item_next(rest, ' ', requirement);
}

bool
source_next(struct slice *rest, struct slice *source)
{
	return item_next(rest, ';', source);
}

bool
observed_next(struct slice *rest, struct observed *observed)
{
	static const char between[] = " = ";
	const size_t width = strlen(between);
	struct slice line;

	while (slice_line(rest, &line)) {
		if (!slice_skip(&line, "observed: "))
			continue;
		for (size_t i = 1; i + width <= line.length; i++)
			if (memcmp(line.bytes + i, between, width) == 0) {
				observed->key = (struct slice){ line.bytes, i };
				observed->value = (struct slice){ line.bytes + i + width, line.length - i - width };
				return true;
			}
	}
	return false;
}
