/* SPDX-License-Identifier: BSD-2-Clause */

#include "verdict_run.h"

pid_t
verdict_start(const atf_tc_t *tc, const char *const *arguments, const char *destination)
{
	return tool_start(tc, "shmcheck-verdict", arguments, destination);
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
