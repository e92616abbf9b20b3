/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/wait.h>

#include "report_run.h"

void
results_write_bytes(const char *path, const char *bytes, size_t length)
{
	FILE *file = fopen(path, "wb");

	ATF_REQUIRE(file != NULL);
	ATF_REQUIRE_EQ(length, fwrite(bytes, 1, length, file));
	ATF_REQUIRE_EQ(0, fclose(file));
}

void
results_write(const char *path, const char *text)
{
	results_write_bytes(path, text, strlen(text));
}

pid_t
report_start(const atf_tc_t *tc, const char *const *arguments, const char *destination)
{
	char program[PATH_MAX];

	tool_path(tc, "shmcheck-report", program);
	if (access(program, X_OK) != 0)
		atf_tc_skip("shmcheck-report is not built here: libxml2 or json-c is missing");
	return tool_start(tc, "shmcheck-report", arguments, destination);
}

void
report_write(const atf_tc_t *tc, const char *const *arguments, int status)
{
	atf_utils_wait(report_start(tc, arguments, NULL), status, "save:out", "");
}

void
report_error(const atf_tc_t *tc, const char *const *arguments, const char *message)
{
	atf_utils_wait(report_start(tc, arguments, NULL), 2, "", message);
}

int
report_status(const atf_tc_t *tc, const char *const *arguments)
{
	char name[2][60];
	int status;
	pid_t child = report_start(tc, arguments, NULL);

	ATF_REQUIRE_EQ(child, waitpid(child, &status, 0));
	/* Where atf_utils_fork() keeps what a child prints. */
	(void)snprintf(name[0], sizeof(name[0]), "atf_utils_fork_%d_out.txt", (int)child);
	(void)snprintf(name[1], sizeof(name[1]), "atf_utils_fork_%d_err.txt", (int)child);
	ATF_REQUIRE_EQ(0, rename(name[0], "out"));
	ATF_REQUIRE_EQ(0, rename(name[1], "errors"));
	ATF_REQUIRE_MSG(WIFEXITED(status), "the tool dies by signal %d", WTERMSIG(status));
	return WEXITSTATUS(status);
}

char *
file_contents(const char *path)
{
	FILE *file = fopen(path, "rb");
	char *contents = NULL;
	size_t length = 0;
	size_t got;

	ATF_REQUIRE(file != NULL);
	do {
		char *longer = realloc(contents, length + BUFSIZ + 1);
		ATF_REQUIRE(longer != NULL);
		contents = longer;
		got = fread(contents + length, 1, BUFSIZ, file);
		length += got;
	} while (got > 0);
	ATF_REQUIRE_EQ(0, ferror(file));
	ATF_REQUIRE_EQ(0, fclose(file));
	contents[length] = '\0';
	return contents;
}

bool
report_has(const char *text)
{
	char *wanted = strdup(text);
	char *contents = file_contents("out");

	ATF_REQUIRE(wanted != NULL);
	for (char *next = wanted; (next = strchr(next, '\'')) != NULL;)
		*next = '"';
	bool has = strstr(contents, wanted) != NULL;
	free(contents);
	free(wanted);
	return has;
}
