/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "progress.h"

static bool is_shown;

/* The beginning of the line that is coming. */
static char line[256];
static size_t length;

static unsigned long cases, ended, failed;
static char begun[sizeof(line)];

static void
show(void)
{
	char text[sizeof(begun) + 128];

	if (begun[0] == '\0')
		snprintf(text, sizeof(text), "the guest starts");
	else
		snprintf(text, sizeof(text), "%lu of %lu, %lu failed: %s", ended, cases, failed, begun);
	fprintf(stderr, "\r%-78.78s", text);
}

void
progress_start(void)
{
	is_shown = isatty(STDERR_FILENO) == 1;
	if (is_shown)
		show();
}

void
progress_end(void)
{
	if (is_shown)
		fprintf(stderr, "\r%78s\r", "");
	is_shown = false;
}

/* A field of the format, runner/results_file.h. The further lines of a value begin with "+". */
static void
take_line(void)
{
	if (strncmp(line, "Cases: ", 7) == 0)
		cases = strtoul(line + 7, NULL, 10);
	else if (strncmp(line, "Begin: ", 7) == 0)
		snprintf(begun, sizeof(begun), "%s", line + 7);
	else if (strncmp(line, "Result: ", 8) == 0) {
		ended++;
		failed += strcmp(line + 8, "failed") == 0 || strcmp(line + 8, "broken") == 0;
	}
}

void
progress_take(const char *bytes, size_t size)
{
	if (!is_shown)
		return;
	for (size_t i = 0; i < size; i++) {
		if (bytes[i] != '\n') {
			if (length < sizeof(line) - 1)
				line[length++] = bytes[i];
			continue;
		}
		line[length] = '\0';
		take_line();
		length = 0;
	}
	show();
}
