/* SPDX-License-Identifier: BSD-2-Clause */

#include <string.h>

#include "format.h"

static const struct format formats[] = {
	{ "text", "the verdict, for a terminal (if no format is named)", true, text_write },
	{ "markdown", "the verdict as GitHub's Markdown, for a CI's job summary", true, markdown_write },
	{ "html", "one page that opens from a disk; of several runs, the matrix", true, html_write },
	{ "json", "JSON Lines: an object for each run and each case", true, json_write },
	{ "junit", "JUnit's XML, as Jenkins, GitLab and GitHub's reporters read it", true, junit_write },
	{ "tap", "TAP version 14", true, tap_write },
	{ "ktap", "KTAP version 1, the Linux kernel's form of TAP", true, ktap_write },
	{ "kcidb", "JSON for KCIDB, the database of KernelCI", true, kcidb_write },
	{ "index", "JSON: clause or manual page, requirements, cases, violations", true, index_write },
};

const struct format *
format_named(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}

bool
format_is_verdict(const struct format *format)
{
	return format->write == text_write || format->write == markdown_write;
}

bool
format_write_diff(const struct format *format, FILE *out, const struct diff *diff)
{
	if (format->write == text_write)
		diff_text_write(out, diff);
	else if (format->write == markdown_write)
		diff_markdown_write(out, diff);
	else if (format->write == json_write)
		diff_json_write(out, diff);
	else
		return false;
	return true;
}

void
formats_print(FILE *out)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		(void)fprintf(out, "  %-10s %s\n", formats[i].name, formats[i].about);
}
