/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "request.h"
#include "text.h"

static const char usage[] = "usage: shmcheck-run [option ...] [CASE ...]\n"
			    "\n"
			    "Runs all cases of the bundle, or those named (tests/sysv, tests/sysv/shmget_test,\n"
			    "tests/sysv/shmget_test:excl_existing_key), and writes TAP to standard output.\n"
			    "\n"
			    "  --top DIR        the bundle (default: the directory of this program)\n"
			    "  --work DIR       where to make a directory for the cases (default: TMPDIR, or /tmp)\n"
			    "  --results FILE   write the results there, for shmcheck-verdict to read; - is\n"
			    "                   standard output, and TAP then goes to standard error\n"
			    "  --resume         go on with the results of a run that was cut short: what took\n"
			    "                   the platform down is broken, and is not run again; with\n"
			    "                   --results - they come by standard input\n"
			    "  --timeout N      kill a case after N seconds (default: as it asks, 120 as a rule)\n"
			    "  --jobs N         so many cases at a time (default: one a processor)\n"
			    "  --under COMMAND  put these words, separated by blanks, before each program\n"
			    "  --verbose        say in a comment which case begins, as with --jobs 1\n"
			    "  --list           print the names of the cases and run none\n"
			    "\n"
			    "Exit status: 0 all hold, 1 some fail, 2 the suite could not run or ran nothing,\n"
			    "128 + N ended by signal N.\n";

static unsigned
number_of(const char *option, const char *text)
{
	char *end;
	long number;

	errno = 0;
	number = strtol(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || number < 1 || number > 100000)
		die("%s must be a positive number, not '%s'", option, text);
	return (unsigned)number;
}

static unsigned
processors(void)
{
#ifdef _SC_NPROCESSORS_ONLN
	const long count = sysconf(_SC_NPROCESSORS_ONLN);
#else
	const long count = 1;
#endif

	return count < 1 ? 1 : (unsigned)count;
}

/* The option's value, which is the next argument. */
static const char *
value_of(int *i, int count, char *const *arguments)
{
	if (*i + 1 >= count)
		die("%s needs a value", arguments[*i]);
	return arguments[++*i];
}

struct request
request_parse(int count, char *const *arguments)
{
	struct request r = { .jobs = 0 };
	int i;

	for (i = 1; i < count && arguments[i][0] == '-'; i++) {
		const char *option = arguments[i];

		if (strcmp(option, "--top") == 0)
			r.top = value_of(&i, count, arguments);
		else if (strcmp(option, "--work") == 0)
			r.work = value_of(&i, count, arguments);
		else if (strcmp(option, "--results") == 0)
			r.results = value_of(&i, count, arguments);
		else if (strcmp(option, "--under") == 0)
			r.under = value_of(&i, count, arguments);
		else if (strcmp(option, "--timeout") == 0)
			r.timeout = number_of(option, value_of(&i, count, arguments));
		else if (strcmp(option, "--jobs") == 0)
			r.jobs = number_of(option, value_of(&i, count, arguments));
		else if (strcmp(option, "--resume") == 0)
			r.resume = true;
		else if (strcmp(option, "--verbose") == 0)
			r.verbose = true;
		else if (strcmp(option, "--list") == 0)
			r.list = true;
		else if (strcmp(option, "--help") == 0) {
			fputs(usage, stdout);
			exit(0);
		} else
			die("unknown option '%s'; try --help", option);
	}
	r.words = arguments + i;
	r.word_count = (size_t)(count - i);
	for (; i < count; i++)
		if (arguments[i][0] == '-')
			die("options come before cases: '%s'", arguments[i]);
	if (r.resume && r.results == NULL)
		die("--resume needs --results");
	if (r.jobs == 0)
		r.jobs = processors();
	return r;
}
