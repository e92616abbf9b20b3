/* SPDX-License-Identifier: BSD-2-Clause */

/* shmcheck-verdict: say what the results of a run, Kyua's or the runner's, say of the platform. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "verdict.h"

const char program_name[] = "shmcheck-verdict";

static const char usage[] =
    "usage: shmcheck-verdict [--totals] RESULTS\n"
    "       shmcheck-verdict --help\n"
    "\n"
    "Reads the results of a run of shmcheck and prints how the platform came out. RESULTS is the\n"
    "database of Kyua (kyua test --results-file=RESULTS) or the file of shmcheck-run\n"
    "(shmcheck-run --results RESULTS).\n"
    "\n"
    "  --totals  print only how many cases passed, failed and were skipped; documented\n"
    "            deviations count as passed\n"
    "\n"
    "Exit status: 0 if all cases that ran hold, 1 if some fail, 2 if none ran or on an error.\n";

struct request {
	bool help;
	bool totals;
	const char *path;
};

/* What can't be understood ends the program. */
static struct request
parse(int count, char *const *arguments)
{
	struct request request = { false, false, NULL };
	bool options = true;

	for (int i = 1; i < count; i++) {
		const char *argument = arguments[i];
		if (options && strcmp(argument, "--") == 0)
			options = false;
		else if (options && strcmp(argument, "--help") == 0)
			request.help = true;
		else if (options && strcmp(argument, "--totals") == 0)
			request.totals = true;
		else if (options && argument[0] == '-')
			die("unknown option '%s'; try --help", argument);
		else if (request.path != NULL)
			die("more than one file of results; try --help");
		else
			request.path = argument;
	}
	if (!request.help && request.path == NULL)
		die("no results named; try --help");
	return request;
}

static enum verdict
report(const struct request *request)
{
	struct results results;

	char *complaint = results_load(&results, request->path);
	if (complaint != NULL) {
		results_free(&results);
		die("%s", complaint);
	}
	if (request->totals) {
		struct tally tally = results_tally(&results);
		(void)printf(
		    "%zu passed, %zu failed, %zu skipped\n", tally.holds + tally.deviates, tally.fails, tally.skipped);
	} else {
		verdict_print(stdout, &results);
	}
	enum verdict verdict = verdict_of(&results);
	results_free(&results);
	return verdict;
}

int
main(int count, char **arguments)
{
	struct request request = parse(count, arguments);
	int status = 0;

	if (request.help)
		(void)fputs(usage, stdout);
	else
		status = (int)report(&request);
	/* A full disk shows at the latest when the stream is closed; errno of an earlier failure is gone by then. */
	bool failed = ferror(stdout) != 0;
	errno = 0;
	if (fclose(stdout) != 0 || failed)
		die("cannot write the report%s%s", errno != 0 ? ": " : "", errno != 0 ? strerror(errno) : "");
	return status;
}
