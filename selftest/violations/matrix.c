/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Proves that the suite detects what it checks. An engine that is preloaded breaks one sentence at a time. Cases of that
 * sentence must fail, and no case that has nothing to do with it. Each case must fail under some violation.
 */

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/stat.h>

#include "file_text.h"
#include "matrix.h"
#include "text.h"
#include "version.h"

const char program_name[] = "matrix";

static const char exceptions_file[] = "selftest/violations/exceptions";

/* A case that hangs under a violation should have failed by a check long before. */
enum { TIME_LIMIT = 20 };

static const char usage[] = "usage: matrix [option ...] BUILD_ROOT [VIOLATION or INTERFACE ...]\n"
			    "\n"
			    "Commits each violation of the platform's promises in turn, runs the cases that it\n"
			    "can affect, and judges whether the suite sees it. Named violations, or those of\n"
			    "an interface such as shmget, are judged alone. Run it at the top of the source tree.\n"
			    "\n"
			    "  --full        run all cases under each violation\n"
			    "  --quick       a violation that can affect many cases meets those of its interface\n"
			    "                and some others; more where a case or a check has not failed then\n"
			    "  --unprivileged\n"
			    "                skip what does not show: the user who runs this is not root\n"
			    "  --jobs N      run N cases at a time (default: two for each processor)\n"
			    "  --table FILE  write the table of violations there\n"
			    "  --data FILE   write there, tab-separated: violation, requirement, interface,\n"
			    "                kind, origin, the cases and the checks that it fails\n"
			    "                (both blank-separated)\n"
			    "  --version     print the version\n"
			    "\n"
			    "Exit status: 0 all holds, 1 something does not, 2 the matrix cannot run.\n";

/* What an argument names: a violation, or the interface of violations or of cases. */
static bool
choose(struct matrix *m, const char *argument)
{
	bool is_known = false;

	for (size_t v = 0; v < m->violation_count; v++)
		if (strcmp(m->violations[v].name, argument) == 0)
			return m->violations[v].is_chosen = true;
	/* A requirement is none of these. */
	if (strchr(argument, '.') != NULL)
		return false;
	for (size_t v = 0; v < m->violation_count; v++)
		if (has_same_interface(m->violations[v].requirement, argument))
			is_known = m->violations[v].is_chosen = true;
	for (size_t c = 0; c < m->case_count; c++)
		is_known |= has_interface_of(&m->cases[c], argument);
	return is_known;
}

static void
choose_violations(struct matrix *m)
{
	for (size_t v = 0; v < m->violation_count; v++)
		m->violations[v].is_chosen = !m->is_partial;
	for (size_t i = 0; i < m->argument_count; i++)
		if (!choose(m, m->arguments[i]))
			die("there is no violation and no interface '%s'", m->arguments[i]);
}

static char *
existing(const char *build, const char *name)
{
	char *path = text_format("%s/selftest/violations/%s", build, name);

	if (access(path, R_OK) == -1)
		die("no '%s': run 'make matrix'", path);
	return path;
}

static void
write_file(const struct matrix *m, const char *path, void (*print)(const struct matrix *, FILE *))
{
	FILE *f;

	if (path == NULL)
		return;
	f = fopen(path, "w");
	if (f == NULL)
		die("cannot write '%s': %s", path, strerror(errno));
	print(m, f);
	if (fclose(f) == EOF)
		die("cannot write '%s': %s", path, strerror(errno));
}

static unsigned
number_of_jobs(const char *text)
{
	char *rest;
	long number;

	if (text == NULL)
		number = 2 * sysconf(_SC_NPROCESSORS_ONLN); /* cases wait for their children */
	else {
		number = strtol(text, &rest, 10);
		if (*rest != '\0' || number < 1 || number > 1000)
			die("--jobs must be a positive number, not '%s'", text);
	}
	return number < 1 ? 1 : (unsigned)number;
}

/* As the command line has them, or null. */
static struct {
	const char *jobs;
	const char *table;
	const char *data;
} options;

/* Returns the number of the first argument that is no option. */
static int
take_options(struct matrix *m, int argc, char **argv)
{
	static const struct option known[] = { { "full", no_argument, NULL, 'f' }, { "quick", no_argument, NULL, 'q' },
		{ "unprivileged", no_argument, NULL, 'u' }, { "jobs", required_argument, NULL, 'j' },
		{ "table", required_argument, NULL, 't' }, { "data", required_argument, NULL, 'd' },
		{ "help", no_argument, NULL, 'h' }, { "version", no_argument, NULL, 'v' }, { NULL, 0, NULL, 0 } };
	int option;

	while ((option = getopt_long(argc, argv, "h", known, NULL)) != -1)
		switch (option) {
		case 'f':
			m->runs_all = true;
			break;
		case 'q':
			m->is_quick = true;
			break;
		case 'u':
			m->is_unprivileged = true;
			break;
		case 'j':
			options.jobs = optarg;
			break;
		case 't':
			options.table = optarg;
			break;
		case 'd':
			options.data = optarg;
			break;
		case 'h':
			fputs(usage, stdout);
			exit(0);
		case 'v':
			printf("%s %s\n", program_name, shmcheck_version);
			exit(0);
		default:
			exit(2);
		}
	return optind;
}

static void
take_arguments(struct matrix *m, char **arguments)
{
	if (arguments[0] == NULL)
		die("no BUILD_ROOT (see matrix --help)");
	m->build = realpath(arguments[0], NULL);
	if (m->build == NULL)
		die("no build directory '%s'", arguments[0]);
	m->arguments = (const char **)(uintptr_t)(arguments + 1);
	while (m->arguments[m->argument_count] != NULL)
		m->argument_count++;
	m->is_partial = m->argument_count > 0;
	m->engine = existing(m->build, "engine.so");
	m->visible = existing(m->build, "visible");
	m->list_of_checks = existing(m->build, "checks");
}

static void
run_all(struct matrix *m)
{
	struct timespec start;
	struct timespec end;

	clock_gettime(CLOCK_MONOTONIC, &start);
	if (!runs_begin(number_of_jobs(options.jobs), TIME_LIMIT))
		die("cannot make a scratch directory: %s", strerror(errno));
	list_cases(m);
	list_violations(m);
	list_check_lines(m, m->list_of_checks);
	read_exceptions(m, exceptions_file);
	choose_violations(m);
	m->cells = allocated(calloc(m->violation_count * m->case_count, sizeof(*m->cells)));
	m->line_failures = allocated(calloc(m->violation_count * m->check_line_count + 1, sizeof(*m->line_failures)));
	if (!m->is_partial)
		run_without_engine(m);
	run_neutral(m);
	run_direct_checks(m);
	run_violated(m);
	runs_end();
	clock_gettime(CLOCK_MONOTONIC, &end);
	m->seconds = (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
}

int
main(int argc, char **argv)
{
	static struct matrix m;
	struct judgement tally;
	FILE *complaints;
	char *complaint;
	size_t size;

	take_arguments(&m, argv + take_options(&m, argc, argv));
	m.is_unprivileged |= !enter_namespaces(); /* root of a container may lack what they take, and much else */
	run_all(&m);

	/* First what was done, then what is wrong with it. */
	complaints = allocated(open_memstream(&complaint, &size));
	tally = judge(&m, complaints);
	if (fclose(complaints) == EOF)
		die("out of memory");
	if (m.is_partial || tally.failed > 0)
		print_table(&m, stdout);
	else
		print_interfaces(&m, stdout);
	fputs(complaint, stdout);
	free(complaint);
	print_summary(&m, stdout);
	write_file(&m, options.table, print_table);
	write_file(&m, options.data, print_data);
	printf("%zu passed, %zu failed, %zu skipped\n", tally.passed, tally.failed, tally.skipped);
	if (fflush(stdout) == EOF)
		die("cannot write to standard output: %s", strerror(errno));
	return tally.failed == 0 ? 0 : 1;
}
