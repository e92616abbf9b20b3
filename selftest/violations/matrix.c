/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The proof that the suite sees what it is for: with an engine preloaded that breaks one sentence at a time, the cases of
 * that sentence must fail, and only such as have to do with it; and each case must be failed by something.
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

#ifdef __APPLE__
#define PRELOAD "DYLD_INSERT_LIBRARIES"
#else
#define PRELOAD "LD_PRELOAD"
#endif

const char program_name[] = "matrix";

static const char exceptions_file[] = "selftest/violations/exceptions";

/* A case that hangs under a violation should have failed by a check long before. */
enum { TIME_LIMIT = 10 };

static const char usage[] = "usage: matrix [option ...] BUILD_ROOT [VIOLATION or INTERFACE ...]\n"
			    "\n"
			    "Commits each violation of the platform's promises in turn, runs the cases that it\n"
			    "can affect, and judges whether the suite sees it. Named violations, or those of\n"
			    "an interface such as shmget, are judged alone. Run it at the top of the source tree.\n"
			    "\n"
			    "  --full        run all cases under each violation\n"
			    "  --unprivileged\n"
			    "                skip what does not show: the user who runs this is not root\n"
			    "  --jobs N      so many at a time (default: two a processor)\n"
			    "  --table FILE  write the table of violations there\n"
			    "  --data FILE   write there, tab-separated: violation, requirement, interface,\n"
			    "                kind, origin, the cases that it fails (blank-separated)\n"
			    "\n"
			    "Exit status: 0 all holds, 1 something does not, 2 the matrix could not run.\n";

struct cell *
cell_of(const struct matrix *m, size_t violation, size_t test_case)
{
	return &m->cells[violation * m->case_count + test_case];
}

/* As whoever sent the signal expects it: nothing is left, and the signal is what ended us. */
static _Noreturn void
end_by_signal(int number)
{
	runs_end();
	signal(number, SIG_DFL);
	raise(number);
	exit(128 + number);
}

void
run_each(struct matrix *m, size_t count, void (*prepare)(struct matrix *, size_t, struct run *),
    void (*take)(struct matrix *, const struct run *))
{
	struct run ended;

	for (size_t next = 0; next < count || runs_running() > 0;) {
		while (next < count && runs_have_room()) {
			struct run r = { .number = next };

			prepare(m, next++, &r);
			run_start(&r);
			m->run_count++;
		}
		if (run_collect(&ended))
			take(m, &ended);
		else if (runs_signal() != 0)
			end_by_signal(runs_signal());
	}
}

static void
keep_ending(struct ending *e, const struct run *r)
{
	e->result = r->result;
	e->reason = text_clean(slice_of(r->reason));
}

/* The engine with one more variable. Read by run_start() only, so that the next call may overwrite it. */
static const char *const *
engine_environment(const struct matrix *m, const char *name, const char *value)
{
	static char preload[PATH_MAX + sizeof(PRELOAD)];
	static char variable[PATH_MAX];
	static const char *const environment[] = { preload, variable, NULL };

	snprintf(preload, sizeof(preload), PRELOAD "=%s", m->engine);
	snprintf(variable, sizeof(variable), "%s=%s", name, value);
	return environment;
}

static void
prepare_case(const struct test_case *c, struct run *r)
{
	r->program = c->program;
	r->argument = c->name;
}

static void
prepare_without_engine(struct matrix *m, size_t number, struct run *r)
{
	prepare_case(&m->cases[number], r);
}

static void
take_without_engine(struct matrix *m, const struct run *r)
{
	keep_ending(&m->cases[r->number].without_engine, r);
}

static char *
trace_path(size_t number)
{
	return text_format("%s/%zu.trace", runs_directory(), number);
}

static void
prepare_traced(struct matrix *m, size_t number, struct run *r)
{
	char *path = trace_path(number);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);

	/* Whatever user the case's processes act as. */
	if (fd == -1 || fchmod(fd, 0666) == -1)
		die("cannot make '%s': %s", path, strerror(errno));
	close(fd);
	prepare_case(&m->cases[number], r);
	r->environment = engine_environment(m, "SHMCHECK_VIOLATION_TRACE", path);
	free(path);
}

static void
take_traced(struct matrix *m, const struct run *r)
{
	char *path = trace_path(r->number);
	char *text = file_text(path);
	struct slice rest = slice_of(text == NULL ? "" : text);
	struct slice line;

	keep_ending(&m->cases[r->number].neutral, r);
	while (slice_line(&rest, &line)) {
		size_t v = 0;

		while (v < m->violation_count && !slice_equals(line, m->violations[v].name))
			v++;
		if (v == m->violation_count)
			die("the engine traces '%.*s', which 'visible -l' does not list", (int)line.length, line.bytes);
		cell_of(m, v, r->number)->can_affect = true;
	}
	unlink(path);
	free(text);
	free(path);
}

/* Each chosen violation's direct check twice: even numbers with the engine, odd ones without. */
static size_t *checked;

static void
prepare_check(struct matrix *m, size_t number, struct run *r)
{
	const struct violation *v = &m->violations[checked[number / 2]];

	r->program = m->visible;
	r->argument = v->name;
	r->is_plain = true;
	if (number % 2 == 0)
		r->environment = engine_environment(m, "SHMCHECK_VIOLATION", v->name);
}

static void
take_check(struct matrix *m, const struct run *r)
{
	struct violation *v = &m->violations[checked[r->number / 2]];

	keep_ending(r->number % 2 == 0 ? &v->seen : &v->without_engine, r);
}

static void
run_checks(struct matrix *m)
{
	size_t count = 0;

	checked = allocated(calloc(m->violation_count + 1, sizeof(*checked)));
	for (size_t v = 0; v < m->violation_count; v++)
		if (m->violations[v].is_chosen)
			checked[count++] = v;
	run_each(m, 2 * count, prepare_check, take_check);
	free(checked);
}

/* The runs under violations: numbers of cells. */
static size_t *violated;

static void
prepare_violated(struct matrix *m, size_t number, struct run *r)
{
	prepare_case(&m->cases[violated[number] % m->case_count], r);
	r->environment =
	    engine_environment(m, "SHMCHECK_VIOLATION", m->violations[violated[number] / m->case_count].name);
}

static void
take_violated(struct matrix *m, const struct run *r)
{
	keep_ending(&m->cells[violated[r->number]].ending, r);
}

static void
run_violated(struct matrix *m)
{
	size_t count = 0;

	violated = allocated(calloc(m->violation_count * m->case_count, sizeof(*violated)));
	for (size_t i = 0; i < m->violation_count * m->case_count; i++)
		if (m->violations[i / m->case_count].is_chosen && (m->runs_all || m->cells[i].can_affect))
			violated[count++] = i;
	run_each(m, count, prepare_violated, take_violated);
	free(violated);
}

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
	static const struct option known[] = { { "full", no_argument, NULL, 'f' },
		{ "unprivileged", no_argument, NULL, 'u' }, { "jobs", required_argument, NULL, 'j' },
		{ "table", required_argument, NULL, 't' }, { "data", required_argument, NULL, 'd' },
		{ "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 } };
	int option;

	while ((option = getopt_long(argc, argv, "+h", known, NULL)) != -1)
		switch (option) {
		case 'f':
			m->runs_all = true;
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
	read_exceptions(m, exceptions_file);
	choose_violations(m);
	m->cells = allocated(calloc(m->violation_count * m->case_count, sizeof(*m->cells)));
	if (!m->is_partial)
		run_each(m, m->case_count, prepare_without_engine, take_without_engine);
	run_each(m, m->case_count, prepare_traced, take_traced);
	run_checks(m);
	run_violated(m);
	runs_end();
	clock_gettime(CLOCK_MONOTONIC, &end);
	m->seconds = (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
}

int
main(int argc, char **argv)
{
	static struct matrix m;
	struct tally tally;
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
