/* SPDX-License-Identifier: BSD-2-Clause */

/* Options of a command line that have a value. */

#ifndef SHMCHECK_REPORT_OPTION_H
#define SHMCHECK_REPORT_OPTION_H

#include <stdbool.h>
#include <stddef.h>

/* One whose value is kept as it is. */
struct text_option {
	const char *name; /* "--work" */
	const char **text;
};

/* Return the value. If it is null, the program ends. */
const char *option_value(const char *option, const char *value);

/* Store the value if the option is one of these. Returns whether it is. If it has no value, the program ends. */
bool option_takes_text(const struct text_option *, size_t count, const char *option, const char *value);

#endif
