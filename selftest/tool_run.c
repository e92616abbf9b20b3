/* SPDX-License-Identifier: BSD-2-Clause */

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "tool_run.h"

#define MOST 60

void
tool_path(const atf_tc_t *tc, const char *tool, char path[PATH_MAX])
{
	int length = snprintf(path, PATH_MAX, "%s/../report/%s", atf_tc_get_config_var(tc, "srcdir"), tool);

	ATF_REQUIRE(length > 0 && length < PATH_MAX);
}

pid_t
tool_start(const atf_tc_t *tc, const char *tool, const char *const *arguments, const char *destination)
{
	char program[PATH_MAX];
	char *vector[MOST + 2] = { program };

	tool_path(tc, tool, program);
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
