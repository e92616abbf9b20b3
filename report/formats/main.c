/* SPDX-License-Identifier: BSD-2-Clause */

/* shmcheck-report: the conformance report on one platform or several. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "output.h"
#include "verdict.h"
#include "version.h"

const char program_name[] = "shmcheck-report";

static const char usage[] =
    "usage: shmcheck-report [OPTION ...] [--name NAME] RESULTS ...\n"
    "       shmcheck-report --help | --version\n"
    "\n"
    "Reports what runs of shmcheck say of platforms, one run for each platform. RESULTS is the\n"
    "database of Kyua (kyua test --results-file=RESULTS) or the file of shmcheck-run\n"
    "(shmcheck-run --results RESULTS).\n"
    "\n"
    "  --format=FORMAT    one of those below\n"
    "  --output=FILE      write to FILE, which has the whole report or stays as it is\n"
    "  --name=NAME        call the platform of the next RESULTS so\n"
    "  --expect=FILE      of one run: compare with FILE, as shmcheck-verdict does\n"
    "  --violations=FILE  tell what proves each case: FILE is selftest/violations/matrix.tsv,\n"
    "                     which make matrix writes\n"
    "  --verbose          text, markdown: name every skipped case\n"
    "\n"
    "Formats:\n";

static const char usage_end[] =
    "\n"
    "Exit status: 0 if the report is written, 2 on an error. As text or Markdown it is that of\n"
    "shmcheck-verdict; of several runs, the worst.\n";

struct options {
	bool help;
	bool version;
	bool verbose;
	const char *format; /* null if there is none, as the other texts */
	const char *output;
	const char *expect;
	const char *violations;
};

/* Return the value if the argument is this option: "--name=VALUE", or "--name" and the next one. Null if it is not. */
static const char *
value_of(const char *name, char *const **next)
{
	size_t length = strlen(name);
	const char *argument = **next;

	if (strncmp(argument, name, length) != 0)
		return NULL;
	if (argument[length] == '=')
		return argument + length + 1;
	if (argument[length] != '\0')
		return NULL;
	if ((*next)[1] == NULL)
		die("%s needs a value; try --help", name);
	++*next;
	return **next;
}

static bool
take_text(struct options *options, char *const **next)
{
	const struct {
		const char *name;
		const char **text;
	} texts[] = {
		{ "--format", &options->format },
		{ "--output", &options->output },
		{ "--expect", &options->expect },
		{ "--violations", &options->violations },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const char *value = value_of(texts[i].name, next);
		if (value == NULL)
			continue;
		if (*texts[i].text != NULL)
			die("more than one %s; try --help", texts[i].name);
		*texts[i].text = value;
		return true;
	}
	return false;
}

static bool
take_word(struct options *options, const char *argument)
{
	if (strcmp(argument, "--help") == 0)
		options->help = true;
	else if (strcmp(argument, "--version") == 0)
		options->version = true;
	else if (strcmp(argument, "--verbose") == 0)
		options->verbose = true;
	else
		return false;
	return true;
}

static void
add(struct runs *runs, const char **name, const char *path)
{
	char *complaint = runs_add(runs, *name, path);

	if (complaint != NULL)
		die("%s", complaint);
	*name = NULL;
}

/* Read the runs, too, in their order. An error ends the program. */
static struct options
parse(char *const *arguments, struct runs *runs)
{
	struct options options = { .help = false };
	const char *name = NULL;
	bool is_option = true; /* until "--" */

	for (char *const *next = arguments + 1; *next != NULL; next++) {
		const char *value;
		if (!is_option || (*next)[0] != '-' || strcmp(*next, "-") == 0)
			add(runs, &name, *next);
		else if (strcmp(*next, "--") == 0)
			is_option = false;
		else if ((value = value_of("--name", &next)) != NULL)
			name = value;
		else if (!take_word(&options, *next) && !take_text(&options, &next))
			die("unknown option '%s'; try --help", *next);
	}
	if (name != NULL)
		die("no results after --name %s; try --help", name);
	return options;
}

static const struct format *
chosen_format(const struct options *options, const struct runs *runs)
{
	const char *name = options->format != NULL ? options->format : "text";
	const struct format *format = format_named(name);

	if (format == NULL)
		die("unknown format '%s'; try --help", name);
	if (runs->count == 0)
		die("no results named; try --help");
	if (runs->count > 1 && !format->several)
		die("%s is a format of one run; try --help", name);
	if (runs->count > 1 && options->expect != NULL)
		die("--expect is for one run; try --help");
	return format;
}

static int
worst_verdict(const struct report *report)
{
	int worst = 0;

	for (size_t i = 0; i < report->runs->count; i++) {
		int verdict = (int)verdict_of(&report->runs->all[i].results, report->comparison);
		worst = verdict > worst ? verdict : worst;
	}
	return worst;
}

static int
write_report(const struct options *options, const struct runs *runs)
{
	const struct format *format = chosen_format(options, runs);
	struct matrix matrix = matrix_make(runs);
	struct comparison comparison = { .path = NULL };
	struct violations violations = { .count = 0 };
	struct report report = { .runs = runs, .matrix = &matrix, .verbose = options->verbose };
	char *complaint = NULL;
	char *bytes = NULL;
	size_t length = 0;

	if (options->expect != NULL) {
		complaint = comparison_make(&comparison, &runs->all[0].results, options->expect);
		report.comparison = &comparison;
	}
	if (complaint == NULL && options->violations != NULL) {
		complaint = violations_load(&violations, options->violations);
		report.violations = &violations;
	}
	if (complaint != NULL)
		die("%s", complaint);

	/* In memory first, so that an error leaves nothing half written. */
	FILE *memory = allocated(open_memstream(&bytes, &length));
	format->write(memory, &report);
	if (ferror(memory) || fclose(memory) != 0)
		die("no memory for the report");
	output_write(options->output, bytes, length);

	int status = format_is_verdict(format) ? worst_verdict(&report) : 0;
	free(bytes);
	violations_free(&violations);
	comparison_free(&comparison);
	matrix_free(&matrix);
	return status;
}

static int
print_usage(void)
{
	(void)fputs(usage, stdout);
	formats_print(stdout);
	(void)fputs(usage_end, stdout);
	return 0;
}

int
main(int count, char **arguments)
{
	struct runs runs = { .count = 0 };
	struct options options = parse(arguments, &runs);
	int status = 0;

	(void)count;
	if (options.help)
		status = print_usage();
	else if (options.version)
		(void)printf("%s %s\n", program_name, shmcheck_version);
	else
		return write_report(&options, &runs);
	errno = 0;
	if (fclose(stdout) != 0)
		die("cannot write%s%s", errno != 0 ? ": " : "", errno != 0 ? strerror(errno) : "");
	return status;
}
