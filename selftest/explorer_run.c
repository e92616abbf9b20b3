/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/wait.h>

#include "explorer_run.h"

char top[PATH_MAX];

void
find_top(const atf_tc_t *tc)
{
	char *directory = realpath(atf_tc_get_config_var(tc, "srcdir"), NULL);

	ATF_REQUIRE(directory != NULL);
	snprintf(top, sizeof(top), "%.*s", (int)(strrchr(directory, '/') - directory), directory);
	free(directory);
}

int
run(const char *format, ...)
{
	char command[PATH_MAX + 1024];
	char words[1024];
	va_list arguments;
	int status;

	va_start(arguments, format);
	vsnprintf(words, sizeof(words), format, arguments);
	va_end(arguments);
	snprintf(command, sizeof(command), "{ %s; } >output 2>errors", words);
	status = system(command); /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
	ATF_REQUIRE(WIFEXITED(status));
	return WEXITSTATUS(status);
}

int
explore(const char *before, const char *arguments)
{
	return run("%s %s/explorer/shmcheck-explore --work . %s", before, top, arguments);
}

const char *
violation(const char *name)
{
	static char text[2 * PATH_MAX];
	char engine[PATH_MAX + 64];

	snprintf(engine, sizeof(engine), "%s/selftest/violations/engine.so", top);
	if (access(engine, R_OK) == -1)
		atf_tc_skip("needs the engine of violations: make selftest builds it");
	snprintf(text, sizeof(text), "SHMCHECK_VIOLATION=%s LD_PRELOAD=%s", name, engine);
	return text;
}

/* The lines of a file that begin with this letter, or all of them. */
static unsigned
lines_that_begin(char letter, const char *file)
{
	char line[400];
	unsigned count = 0;
	FILE *f = fopen(file, "r");

	ATF_REQUIRE(f != NULL);
	while (fgets(line, sizeof(line), f) != NULL)
		count += letter == '\0' || line[0] == letter;
	fclose(f);
	return count;
}

unsigned
operations_in(const char *file)
{
	return lines_that_begin('p', file);
}

unsigned
lines_in(const char *file)
{
	return lines_that_begin('\0', file);
}
