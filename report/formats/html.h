/* SPDX-License-Identifier: BSD-2-Clause */

/* The parts of a page in HTML: how text is written into it, and the words and classes of outcomes. */

#ifndef SHMCHECK_REPORT_HTML_H
#define SHMCHECK_REPORT_HTML_H

#include <stdio.h>

#include "format.h"

/* The style sheet and the script, which are part of each page. */
extern const char html_style[];
extern const char html_script[];

/* Like fprintf(), but the only conversion is "%s", and each string is cleaned and may have any character. */
void html_print(FILE *, const char *format, ...);

/* The same for one string, which is freed. */
void html_print_once(FILE *, const char *format, char *text);

/* Write lines as they are, as preformatted text. */
void html_lines(FILE *, const char *lines);

/*
 * Return the outcome_word() of a requirement in a run, which is the name of a class of the style sheet, too; "absent" if the run
 * has none of its cases.
 */
const char *html_standing(const struct requirement *, size_t run);

/* Return the interface of a requirement: its id up to the dot. The caller frees it. */
char *html_interface(const struct requirement *);

/* Whether a new interface, or a new area, starts at this place of the requirements. */
bool html_starts_interface(const struct matrix *, size_t place);
bool html_starts_area(const struct matrix *, size_t place);

/* Write the sources of a result as a list. */
void html_sources(FILE *, const struct result *);

/* Write which violations the case finds, if the report has violations. */
void html_proof(FILE *, const struct report *, const struct result *);

/* The sections of a page about one run or several. */
void html_overview(FILE *, const struct report *);
void html_findings(FILE *, const struct report *);
void html_requirements(FILE *, const struct report *);
void html_differences(FILE *, const struct report *);
void html_matrix(FILE *, const struct report *);
void html_choices(FILE *, const struct report *);
void html_index(FILE *, const struct report *);

#endif
