/* SPDX-License-Identifier: BSD-2-Clause */

#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "check.h"
#include "matrix_build.h"

/* A test program, with the engine preloaded or not. */
static const char program[] = "#!/bin/sh\n"
			      "root=${0%/tests/*}\n"
			      "program=${0#\"$root/\"}\n"
			      "if [ \"$1\" = -l ]; then\n"
			      "	printf 'Content-Type: application/X-atf-tp; version=\"1\"\\n'\n"
			      "	while read -r case level requirements; do\n"
			      "		[ \"${case%:*}\" = \"$program\" ] || continue\n"
			      "		printf '\\nident: %s\\nX-level: %s\\n' \"${case#*:}\" \"$level\"\n"
			      "		[ -z \"$requirements\" ] ||\n"
			      "		    printf 'X-requirement: %s\\n' \"$requirements\"\n"
			      "	done <\"$root/cases\"\n"
			      "	exit 0\n"
			      "fi\n"
			      "now=nothing\n"
			      "[ -z \"$SHMCHECK_VIOLATION_TRACE\" ] || now=engine\n"
			      "now=${SHMCHECK_VIOLATION:-$now}\n"
			      "outcome=passed\n"
			      "while read -r violation case effect untraced; do\n"
			      "	[ \"$case\" = \"$program:$5\" ] || continue\n"
			      "	[ \"$violation\" != \"$now\" ] || outcome=$effect\n"
			      "	case $now:$violation:$untraced in\n"
			      "	engine:*_*:) echo \"$violation\" >>\"$SHMCHECK_VIOLATION_TRACE\" ;;\n"
			      "	esac\n"
			      "done <\"$root/effects\"\n"
			      "case $outcome in\n"
			      "passed) echo passed >\"$2\" ;;\n"
			      "failed)\n"
			      "	while read -r violation line; do\n"
			      "		[ \"$violation\" != \"$now\" ] ||\n"
			      "		    echo \"*** Check failed: $program.c:$line: seen\"\n"
			      "	done <\"$root/fails\"\n"
			      "	echo \"failed: seen by $5\" >\"$2\"\n"
			      "	exit 1 ;;\n"
			      "skipped) echo \"skipped: seen by $5\" >\"$2\" ;;\n"
			      "skipped_again) echo \"skipped: seen by $5 again\" >\"$2\" ;;\n"
			      "crashed) kill -KILL $$ ;;\n"
			      "silent) ;;\n"
			      "esac\n";

static const char visible[] = "#!/bin/sh\n"
			      "root=${0%/selftest/*}\n"
			      "if [ \"$1\" = -l ]; then\n"
			      "	while read -r violation requirement; do\n"
			      "		printf '%s\\t%s\\tshmget\\tskipped\\t-\\n' \"$violation\" \"$requirement\"\n"
			      "	done <\"$root/rows\"\n"
			      "	exit 0\n"
			      "fi\n"
			      "without=1\n"
			      "with=0\n"
			      "while read -r violation case effect; do\n"
			      "	case $violation:$case:$effect in\n"
			      "	\"$1\":visible:unseen) with=1 ;;\n"
			      "	\"$1\":visible:always_seen) without=0 ;;\n"
			      "	\"$1\":visible:crashed) kill -KILL $$ ;;\n"
			      "	esac\n"
			      "done <\"$root/effects\"\n"
			      "[ -z \"$SHMCHECK_VIOLATION\" ] || exit \"$with\"\n"
			      "exit \"$without\"\n";

void
add(const char *file, const char *lines)
{
	FILE *f = fopen(file, "a");

	ATF_REQUIRE(f != NULL);
	ATF_REQUIRE(fputs(lines, f) != EOF);
	ATF_REQUIRE(fclose(f) == 0);
}

static void
add_script(const char *file, const char *text)
{
	add(file, text);
	ATF_REQUIRE(chmod(file, 0755) == 0);
}

/* What is preloaded must be a library, and do nothing: the C library, which is there already. */
static void
link_library(const char *path)
{
	Dl_info info;

	ATF_REQUIRE(dladdr(dlsym(RTLD_DEFAULT, "getpagesize"), &info) != 0);
	ATF_REQUIRE(symlink(info.dli_fname, path) == 0);
}

void
build(void)
{
	static const char *const directories[] = { "tests", "tests/sysv", "tests/posix", "selftest",
		"selftest/violations" };

	for (size_t i = 0; i < nitems(directories); i++)
		ATF_REQUIRE(mkdir(directories[i], 0755) == 0);
	add_script(SHMGET, program);
	add_script(SHMDT, program);
	add_script(SHMOPEN, program);
	add_script("selftest/violations/visible", visible);
	link_library("selftest/violations/engine.so");
	add("selftest/violations/exceptions", "# case reason\n");
	add("selftest/violations/checks", "");
	add("fails", "");
	add("cases",
	    SHMGET ":excl SHALL shmget.excl\n" SHMGET ":limit MAY shmget.excl-limit\n" SHMDT
		   ":address DOCUMENTED shmdt.address\n" SHMOPEN ":excl SHALL shm_open.excl\n");
	add("rows",
	    "shmget_ignores_excl shmget.excl\nshmdt_keeps_address shmdt.address\n"
	    "shm_open_ignores_excl shm_open.excl\n");
	add("effects",
	    "shmget_ignores_excl " SHMGET ":excl failed\nshmdt_keeps_address " SHMDT
	    ":address failed\nshm_open_ignores_excl " SHMOPEN ":excl failed\n");
}

/* It prints to the files "out" and "err". */
static void
run(const atf_tc_t *tc, const char *const *arguments, int status)
{
	char path[PATH_MAX];
	const char *words[8] = { path };
	pid_t child;

	snprintf(path, sizeof(path), "%s/violations/matrix", atf_tc_get_config_var(tc, "srcdir"));
	for (size_t i = 0; arguments[i] != NULL; i++) {
		ATF_REQUIRE(i + 2 < nitems(words));
		words[i + 1] = arguments[i];
	}
	child = atf_utils_fork();
	if (child == 0) {
		execv(path, (char **)(uintptr_t)words);
		_exit(126);
	}
	atf_utils_wait(child, status, "save:out", "save:err");
}

/* The file ends with this line. Returns how many it has. */
static size_t
check_last_line(const char *file, const char *wanted)
{
	int fd = open(file, O_RDONLY);
	size_t count = 0;
	char *last = NULL;
	char *line;

	ATF_REQUIRE(fd != -1);
	while ((line = atf_utils_readline(fd)) != NULL) {
		free(last);
		last = line;
		count++;
	}
	close(fd);
	ATF_CHECK_MSG(last != NULL && strcmp(last, wanted) == 0, "the last line is '%s', not '%s'",
	    last == NULL ? "" : last, wanted);
	free(last);
	return count;
}

void
judges(const atf_tc_t *tc, const char *totals, const char *const *arguments)
{
	run(tc, arguments, strstr(totals, " 0 failed") == NULL);
	check_last_line("out", totals);
	ATF_CHECK(atf_utils_compare_file("err", ""));
}

void
refuses(const atf_tc_t *tc, const char *complaint, const char *const *arguments)
{
	run(tc, arguments, 2);
	ATF_CHECK_EQ(1, check_last_line("err", complaint));
	ATF_CHECK(atf_utils_compare_file("out", ""));
}
