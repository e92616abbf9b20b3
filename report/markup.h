/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_REPORT_MARKUP_H
#define SHMCHECK_REPORT_MARKUP_H

/*
 * The text, cleaned like that of the page, with references for all that Markdown or HTML would take for their own: it may stand
 * in either, but for the start of a Markdown paragraph or list item. What is longer than "limit" bytes is cut and ends with
 * "...". The caller frees it.
 */
char *markup(const char *text, size_t limit);

#endif
