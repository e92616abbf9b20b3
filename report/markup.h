/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_REPORT_MARKUP_H
#define SHMCHECK_REPORT_MARKUP_H

/*
 * Return the text as text_clean() does, with a reference for each character that has a meaning in Markdown or HTML. It may stand
 * anywhere in them except at the start of a paragraph or list item in Markdown. A text of more than "limit" bytes is cut, and
 * " ..." follows. The caller frees it.
 */
char *markup(const char *text, size_t limit);

#endif
