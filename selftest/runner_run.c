/* SPDX-License-Identifier: BSD-2-Clause */

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>
#include <sys/wait.h>

#include "runner_run.h"

static char top[PATH_MAX];

void
make_bundle(const atf_tc_t *tc)
{
	char *directory = realpath(atf_tc_get_config_var(tc, "srcdir"), NULL);
	char specimen[PATH_MAX + 16];

	ATF_REQUIRE(directory != NULL);
	snprintf(top, sizeof(top), "%.*s", (int)(strrchr(directory, '/') - directory), directory);
	snprintf(specimen, sizeof(specimen), "%s/specimen", directory);
	free(directory);
	ATF_REQUIRE(mkdir("suite", 0755) == 0);
	ATF_REQUIRE(symlink(specimen, "suite/specimen") == 0);
	atf_utils_create_file("suite/programs", "%s", "# a comment\nspecimen\n");
}

void
add_program(const char *name, const char *properties, const char *body, const char *cleanup)
{
	char path[64];

	snprintf(path, sizeof(path), "suite/%s", name);
	atf_utils_create_file(path,
	    "#!/bin/sh\n"
	    "if [ \"$1\" = -l ]; then\n"
	    "printf 'Content-Type: application/X-atf-tp; version=\"1\"\\n\\nident: one\\n%s'; exit 0; fi\n"
	    "r=$2\n"
	    "for case; do :; done\n"
	    "case $case in\n"
	    "one:cleanup) %s ;;\n"
	    "one) %s ;;\n"
	    "esac\n",
	    properties, cleanup, body);
	ATF_REQUIRE(chmod(path, 0755) == 0);
	snprintf(path, sizeof(path), "echo %s >>suite/programs", name);
	ATF_REQUIRE_EQ(0, system(path)); /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
}

int
run_suite(const char *format, ...)
{
	char arguments[1024];
	char command[PATH_MAX + 2048];
	va_list list;
	int status;

	va_start(list, format);
	vsnprintf(arguments, sizeof(arguments), format, list);
	va_end(list);
	snprintf(command, sizeof(command), "%s/runner/shmcheck-run --top suite %s >output 2>errors", top, arguments);
	status = system(command); /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
	ATF_REQUIRE(WIFEXITED(status));
	return WEXITSTATUS(status);
}
