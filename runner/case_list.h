/* SPDX-License-Identifier: BSD-2-Clause */

/* What an ATF program writes when it is asked for its cases by -l. Slices are parts of that text. */

#ifndef SHMCHECK_CASE_LIST_H
#define SHMCHECK_CASE_LIST_H

#include <stdbool.h>

#include "text.h"

struct listed_case {
	struct slice name;
	struct slice properties; /* the lines that follow its name */
};

/* Take the header off the front. Returns false if the text is not such a list. */
bool case_list_begin(struct slice *text);

/* Take the next case off the front. Returns false if there is none left. */
bool case_list_next(struct slice *text, struct listed_case *);

/* The value of a property such as "descr" or "require.user"; empty if the case does not have it. */
struct slice case_property(const struct listed_case *, const char *name);

#endif
