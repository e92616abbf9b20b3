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
    "       shmcheck-report --diff [OPTION ...] BEFORE AFTER\n"
    "       shmcheck-report --help | --version\n"
    "\n"
    "Reports what runs of shmcheck say of platforms, one run for each platform. RESULTS is the\n"
    "database of Kyua (kyua test --results-file=RESULTS) or the file of shmcheck-run\n"
    "(shmcheck-run --results RESULTS).\n"
    "\n"
    "  --format=FORMAT    one of those below\n"
    "  --output=FILE      write to FILE, which has the whole report or stays as it is\n"
    "  --name=NAME        call the platform of the next RESULTS so\n"
    "  --never-run=NAME   html: show this platform, too, on which the suite has not run\n"
    "  --expect=FILE      of one run: compare with FILE, as shmcheck-verdict does\n"
    "  --violations=FILE  tell what proves each case: FILE is selftest/violations/matrix.tsv,\n"
    "                     which make matrix writes\n"
    "  --kcidb-origin=CI  kcidb: who submits, in lower case (default: shmcheck)\n"
    "  --kcidb-build=ID   kcidb: the build of the kernel that was tested, ORIGIN:... (default:\n"
    "                     one is made from the platform's name)\n"
    "  --diff             tell what changed between two runs, of one platform or of two, the worst\n"
    "                     first: as text, markdown or json\n"
    "  --verbose          text: list every requirement; text, markdown: name every skipped case\n"
    "\n"
    "Formats:\n";

static const char usage_end[] =
    "\n"
    "Exit status: 0 if the report is written, 2 on an error. As text or Markdown it is that of\n"
    "shmcheck-verdict; of several runs, the worst.\n"
    "With --diff: 1 if a case fails that did not before, or if one that held does not hold now; 0\n"
    "if there is no such case. One that is skipped now, or gone, no longer holds, as nobody knows,\n"
    "unless it is for other platforms or versions. A new case is no change for the worse.\n";

struct options {
	bool help;
	bool version;
	bool verbose;
	bool diff;
	const char *format; /* null if there is none, as the other texts */
	const char *output;
	const char *expect;
	const char *violations;
	const char *kcidb_origin;
	const char *kcidb_build;
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
		{ "--kcidb-origin", &options->kcidb_origin },
		{ "--kcidb-build", &options->kcidb_build },
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
	else if (strcmp(argument, "--diff") == 0)
		options->diff = true;
	else
		return false;
	return true;
}

static void
die_if(char *complaint)
{
	if (complaint != NULL)
		die("%s", complaint);
}

/* An error ends the program. The results are not read yet. */
static struct options
parse(char *const *arguments, struct runs *runs)
{
	struct options options = { .help = false };
	const char *name = NULL;
	bool is_option = true; /* until "--" */

	for (char *const *next = arguments + 1; *next != NULL; next++) {
		const char *value;
		if (!is_option || (*next)[0] != '-') {
			runs_add(runs, name, *next);
			name = NULL;
		} else if (strcmp(*next, "--") == 0) {
			is_option = false;
		} else if ((value = value_of("--name", &next)) != NULL) {
			if (value[0] == '\0' || name != NULL)
				die("--name needs a name, and results after it; try --help");
			name = value;
		} else if ((value = value_of("--never-run", &next)) != NULL) {
			runs_add_never_run(runs, value);
		} else if (!take_word(&options, *next) && !take_text(&options, &next)) {
			die("unknown option '%s'; try --help", *next);
		}
	}
	if (name != NULL)
		die("no results after --name %s; try --help", name);
	return options;
}

/* An error about the options as a whole ends the program. */
static const struct format *
chosen_format(const struct options *options, const struct runs *runs)
{
	const char *name = options->format != NULL ? options->format : "text";
	const struct format *format = format_named(name);

	if (format == NULL)
		die("unknown format '%s'; try --help", name);
	if (runs_with_results(runs) == 0)
		die("no results named; try --help");
	if (runs_with_results(runs) < runs->count && format->write != html_write)
		die("--never-run is for the format html; try --help");
	if (options->diff && runs->count != 2)
		die("--diff is of two runs; try --help");
	if (options->diff && (options->expect != NULL || options->violations != NULL || options->verbose))
		die("--expect, --violations and --verbose are not for --diff; try --help");
	if (runs->count > 1 && !options->diff && !format->several)
		die("%s is a format of one run; try --help", name);
	if (runs->count > 1 && options->expect != NULL)
		die("--expect is for one run; try --help");
	if ((options->kcidb_origin != NULL || options->kcidb_build != NULL) && strcmp(name, "kcidb") != 0)
		die("--kcidb-origin and --kcidb-build are for the format kcidb; try --help");
	return format;
}

/* Who names a file of results for the output may have left out an argument. */
static void
check_output(const struct options *options, const struct runs *runs)
{
	const char *output = options->output;
	bool is_read = output_is(output, options->expect) || output_is(output, options->violations);

	for (size_t i = 0; i < runs->count; i++)
		is_read = is_read || (!runs->all[i].never_ran && output_is(output, runs->all[i].path));
	if (is_read)
		die("'%s' is to be read, and not to be written to", output);
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

/* What is written goes into memory first, so that an error leaves nothing half written. */
struct memory {
	FILE *stream;
	char *bytes;
	size_t length;
};

static void
memory_open(struct memory *memory)
{
	memory->stream = allocated(open_memstream(&memory->bytes, &memory->length));
}

static void
memory_write(struct memory *memory, const char *path)
{
	if (ferror(memory->stream) || fclose(memory->stream) != 0)
		die("no memory for the report");
	output_write(path, memory->bytes, memory->length);
	free(memory->bytes);
}

static int
write_diff(const struct options *options, const struct format *format, const struct matrix *matrix)
{
	struct diff diff = diff_make(matrix);
	struct memory memory;

	memory_open(&memory);
	if (!format_write_diff(format, memory.stream, &diff))
		die("--diff cannot be written as %s; try --help", format->name);
	memory_write(&memory, options->output);
	int status = diff_regressions(&diff) > 0;
	diff_free(&diff);
	return status;
}

static int
write_report(const struct options *options, const struct format *format, const struct matrix *matrix)
{
	const struct runs *runs = matrix->runs;
	struct comparison comparison = { .path = NULL };
	struct violations violations = { .count = 0 };
	struct report report = {
		.runs = runs,
		.matrix = matrix,
		.verbose = options->verbose,
		.kcidb_origin = options->kcidb_origin,
		.kcidb_build = options->kcidb_build,
	};
	struct memory memory;

	die_if(runs_of_one_name(runs));
	if (options->expect != NULL) {
		die_if(comparison_make(&comparison, &runs->all[0].results, options->expect));
		report.comparison = &comparison;
	}
	if (options->violations != NULL) {
		die_if(violations_load(&violations, options->violations));
		report.violations = &violations;
	}
	memory_open(&memory);
	format->write(memory.stream, &report);
	memory_write(&memory, options->output);

	int status = format_is_verdict(format) ? worst_verdict(&report) : 0;
	violations_free(&violations);
	comparison_free(&comparison);
	return status;
}

static int
write_chosen(const struct options *options, struct runs *runs)
{
	const struct format *format = chosen_format(options, runs);

	check_output(options, runs);
	die_if(runs_load(runs));
	struct matrix matrix = matrix_make(runs);
	int status = (options->diff ? write_diff : write_report)(options, format, &matrix);

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
		status = write_chosen(&options, &runs);
	runs_free(&runs);
	if (!options.help && !options.version)
		return status;
	errno = 0;
	if (fclose(stdout) != 0)
		die("cannot write%s%s", errno != 0 ? ": " : "", errno != 0 ? strerror(errno) : "");
	return status;
}
