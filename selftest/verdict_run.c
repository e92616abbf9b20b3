/* SPDX-License-Identifier: BSD-2-Clause */

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "verdict_run.h"

#define MOST 8

pid_t
verdict_start(const atf_tc_t *tc, const char *const *arguments, const char *destination)
{
	char program[PATH_MAX];
	char *vector[MOST + 2] = { program };
	int length =
	    snprintf(program, sizeof(program), "%s/../report/shmcheck-verdict", atf_tc_get_config_var(tc, "srcdir"));

	ATF_REQUIRE(length > 0 && (size_t)length < sizeof(program));
	for (size_t i = 0; arguments[i] != NULL; i++) {
		ATF_REQUIRE(i < MOST);
		vector[i + 1] = (char *)arguments[i];
	}
	pid_t child = atf_utils_fork();
	if (child == 0) {
		if (destination != NULL && dup2(open(destination, O_WRONLY), STDOUT_FILENO) == -1)
			_exit(126);
		execv(program, vector);
		_exit(127);
	}
	return child;
}

void
verdict_page(const atf_tc_t *tc, const char *const *arguments, int status)
{
	atf_utils_wait(verdict_start(tc, arguments, NULL), status, "save:out", "");
}

void
verdict_output(const atf_tc_t *tc, const char *const *arguments, int status, const char *output)
{
	atf_utils_wait(verdict_start(tc, arguments, NULL), status, output, "");
}

void
verdict_error(const atf_tc_t *tc, const char *const *arguments, const char *message)
{
	atf_utils_wait(verdict_start(tc, arguments, NULL), 2, "", message);
}
