/* SPDX-License-Identifier: BSD-2-Clause */

/* shmcheck-verdict: prints what the results of a run say of the platform. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "expected.h"
#include "load.h"
#include "markdown.h"
#include "page.h"
#include "verdict.h"
#include "version.h"

const char program_name[] = "shmcheck-verdict";

static const char usage[] =
    "usage: shmcheck-verdict [OPTION ...] RESULTS\n"
    "       shmcheck-verdict --help | --version\n"
    "\n"
    "Reads the results of a run of shmcheck and prints what they say of the platform. RESULTS is\n"
    "the database of Kyua (kyua test --results-file=RESULTS) or the file of shmcheck-run\n"
    "(shmcheck-run --results RESULTS).\n"
    "\n"
    "  --verbose      name every skipped case, those for other platforms too\n"
    "  --markdown     print the page as GitHub's Markdown, for a CI's job summary\n"
    "  --outcomes     print a line \"PROGRAM:CASE OUTCOME\" for each case that does not plainly\n"
    "                 hold, sorted; the outcomes are " OUTCOME_WORDS ".\n"
    "                 It omits cases for other platforms or later versions of this one\n"
    "  --totals       print only how many cases passed, failed and were skipped; documented\n"
    "                 deviations and known defects count as passed\n"
    "  --expect FILE  compare with FILE, which has lines such as --outcomes prints, and perhaps\n"
    "                 empty ones and comments after #. OUTCOME may be followed by \"at times\": the\n"
    "                 case may hold as well, as with a race. A case that it does not name is\n"
    "                 expected to hold, or to be for other platforms or later versions. The page\n"
    "                 shows the changes. A case that did not run is no change.\n"
    "\n"
    "Exit status: 0 if no case fails, 1 if some fail, 2 if none ran, if the run was cut short\n"
    "before one failed, or on an error.\n"
    "With --expect: 0 if all came out as expected, 1 if some did not, for better or worse.\n";

enum form { PAGE, MARKDOWN, OUTCOMES, TOTALS };

static const char *const forms[] = {
	[MARKDOWN] = "--markdown",
	[OUTCOMES] = "--outcomes",
	[TOTALS] = "--totals",
};

struct options {
	bool help;
	bool version;
	bool verbose;
	enum form form;
	const char *expect; /* null if there is no --expect */
	const char *path;
};

/* Return the form that the option names, or PAGE if it is another option. */
static enum form
form_of(const char *option)
{
	for (enum form form = MARKDOWN; form <= TOTALS; form++)
		if (strcmp(option, forms[form]) == 0)
			return form;
	return PAGE;
}

static void
choose(struct options *options, enum form form)
{
	if (options->form != PAGE && options->form != form)
		die("%s and %s exclude each other; try --help", forms[options->form], forms[form]);
	options->form = form;
}

/* An error ends the program. */
static struct options
parse(int count, char *const *arguments)
{
	struct options options = { .form = PAGE };
	bool more = true; /* until "--" */

	for (int i = 1; i < count; i++) {
		const char *argument = arguments[i];
		if (more && strcmp(argument, "--") == 0)
			more = false;
		else if (more && strcmp(argument, "--help") == 0)
			options.help = true;
		else if (more && strcmp(argument, "--version") == 0)
			options.version = true;
		else if (more && strcmp(argument, "--verbose") == 0)
			options.verbose = true;
		else if (more && form_of(argument) != PAGE)
			choose(&options, form_of(argument));
		else if (more && strcmp(argument, "--expect") == 0 && i + 1 == count)
			die("--expect needs a file; try --help");
		else if (more && strcmp(argument, "--expect") == 0 && options.expect != NULL)
			die("more than one --expect; try --help");
		else if (more && strcmp(argument, "--expect") == 0)
			options.expect = arguments[++i];
		else if (more && argument[0] == '-')
			die("unknown option '%s'; try --help", argument);
		else if (options.path != NULL)
			die("more than one file of results; try --help");
		else
			options.path = argument;
	}
	if (!options.help && !options.version && options.path == NULL)
		die("no results named; try --help");
	return options;
}

static void
print(const struct options *options, const struct results *results, const struct comparison *comparison)
{
	struct counts counts = results_count(results);

	switch (options->form) {
	case PAGE:
		page_print(stdout, results, comparison, options->verbose);
		break;
	case MARKDOWN:
		markdown_print(stdout, results, comparison, options->verbose);
		break;
	case OUTCOMES:
		outcomes_print(stdout, results);
		break;
	case TOTALS:
		(void)printf("%zu passed, %zu failed, %zu skipped\n", counts_ran(counts) - counts.fails, counts.fails,
		    counts.skipped);
		break;
	}
}

static enum verdict
report(const struct options *options)
{
	struct results results;
	struct comparison made = { .path = NULL };
	const struct comparison *comparison = NULL;

	char *complaint = results_load(&results, options->path);
	if (complaint == NULL && options->expect != NULL) {
		complaint = comparison_make(&made, &results, options->expect);
		comparison = &made;
	}
	if (complaint != NULL) {
		comparison_free(&made);
		results_free(&results);
		die("%s", complaint);
	}
	print(options, &results, comparison);
	enum verdict verdict = verdict_of(&results, comparison);
	comparison_free(&made);
	results_free(&results);
	return verdict;
}

int
main(int count, char **arguments)
{
	struct options options = parse(count, arguments);
	int status = 0;

	if (options.help)
		(void)fputs(usage, stdout);
	else if (options.version)
		(void)printf("%s %s\n", program_name, shmcheck_version);
	else
		status = (int)report(&options);
	/* A full disk shows when the stream is closed, at the latest. The errno of an earlier failure is lost by then. */
	bool failed = ferror(stdout) != 0;
	errno = 0;
	if (fclose(stdout) != 0 || failed)
		die("cannot write the report%s%s", errno != 0 ? ": " : "", errno != 0 ? strerror(errno) : "");
	return status;
}
