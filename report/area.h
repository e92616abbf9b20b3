/* SPDX-License-Identifier: BSD-2-Clause */

/* The areas of the suite: the directories of tests/. */

#ifndef SHMCHECK_REPORT_AREA_H
#define SHMCHECK_REPORT_AREA_H

#include <stddef.h>

/* What the page writes instead of a name in the results. */
struct title {
	const char *name;
	const char *title;
};

/* In the order of the page. The first AREAS_CLAIMED are the areas that --require can name. */
#define AREAS         6
#define AREAS_CLAIMED 4
extern const struct title areas[AREAS];

/* Return the title of an area, or its name if it is none of these. */
const char *area_title(const char *name);

/*
 * Return the area of a program: the last directory of its path, or "platform" for a program at the top. "absolute" is the
 * program's absolute path, or an empty string if it is not known. The caller frees the result.
 */
char *area_of(const char *program, const char *absolute);

#endif
