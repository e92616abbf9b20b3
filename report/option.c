/* SPDX-License-Identifier: BSD-2-Clause */

#include <string.h>

#include "option.h"
#include "text.h"

const char *
option_value(const char *option, const char *value)
{
	if (value == NULL)
		die("%s needs a value", option);
	return value;
}

bool
option_takes_text(const struct text_option *options, size_t count, const char *option, const char *value)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(option, options[i].name) == 0) {
			*options[i].text = option_value(option, value);
			return true;
		}
	return false;
}
