/* SPDX-License-Identifier: BSD-2-Clause */

/* What the matrix runs: each case without the engine, with it, and under each violation that can affect it. */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

/* A quick matrix runs about this number of the cases of other interfaces that a violation can affect. */
enum { SAMPLE = 50 };

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

/* The whole takes minutes: a counter on the terminal. */
static void
show_progress(size_t ended, size_t count)
{
	static bool is_terminal;
	static bool is_known;

	if (!is_known)
		is_terminal = isatty(STDERR_FILENO) == 1;
	is_known = true;
	if (is_terminal && ended < count)
		fprintf(stderr, "\rmatrix: %zu of %zu runs%20s", ended, count, "");
	else if (is_terminal)
		fprintf(stderr, "\r%78s\r", "");
}

void
run_each(struct matrix *m, size_t count, void (*prepare)(struct matrix *, size_t, struct run *),
    void (*take)(struct matrix *, const struct run *))
{
	struct run ended;
	size_t taken = 0;

	for (size_t next = 0; next < count || runs_running() > 0;) {
		while (next < count && runs_have_room()) {
			struct run r = { .number = next };

			prepare(m, next++, &r);
			run_start(&r);
			m->run_count++;
		}
		if (run_collect(&ended)) {
			take(m, &ended);
			show_progress(++taken, count);
		} else if (runs_signal() != 0)
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
prepare_case(const struct matrix_case *c, struct run *r)
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

void
run_without_engine(struct matrix *m)
{
	run_each(m, m->case_count, prepare_without_engine, take_without_engine);
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

void
run_neutral(struct matrix *m)
{
	run_each(m, m->case_count, prepare_traced, take_traced);
}

/* Each chosen violation's direct check twice: even numbers with the engine, odd ones without. */
static size_t *checked;

static void
prepare_check(struct matrix *m, size_t number, struct run *r)
{
	const struct matrix_violation *v = &m->violations[checked[number / 2]];

	r->program = m->visible;
	r->argument = v->name;
	r->is_plain = true;
	if (number % 2 == 0)
		r->environment = engine_environment(m, "SHMCHECK_VIOLATION", v->name);
}

static void
take_check(struct matrix *m, const struct run *r)
{
	struct matrix_violation *v = &m->violations[checked[r->number / 2]];

	keep_ending(r->number % 2 == 0 ? &v->seen : &v->without_engine, r);
}

void
run_direct_checks(struct matrix *m)
{
	size_t count = 0;

	checked = allocated(calloc(m->violation_count + 1, sizeof(*checked)));
	for (size_t v = 0; v < m->violation_count; v++)
		if (m->violations[v].is_chosen)
			checked[count++] = v;
	run_each(m, 2 * count, prepare_check, take_check);
	free(checked);
}

/* The runs under violations. */
static struct pair {
	size_t violation;
	size_t test_case;
} * violated;

static char *
output_path(size_t number)
{
	return text_format("%s/%zu.printed", runs_directory(), number);
}

static void
prepare_violated(struct matrix *m, size_t number, struct run *r)
{
	prepare_case(&m->cases[violated[number].test_case], r);
	r->environment = engine_environment(m, "SHMCHECK_VIOLATION", m->violations[violated[number].violation].name);
	r->output = output_path(number);
}

static void
take_violated(struct matrix *m, const struct run *r)
{
	const struct pair p = violated[r->number];

	keep_ending(&cell_of(m, p.violation, p.test_case)->ending, r);
	if (fails(m, p.violation, p.test_case))
		take_failed_lines(m, p.violation, r->output);
	unlink(r->output);
	free((char *)(uintptr_t)r->output);
}

static bool
is_to_run(const struct matrix *m, size_t v, size_t test_case)
{
	const struct cell *cell = cell_of(m, v, test_case);

	return m->violations[v].is_chosen && (m->runs_all || cell->can_affect) && cell->ending.reason == NULL;
}

/* Each Nth case of other interfaces, and not the same ones for every violation. */
static bool
is_in_sample(const struct matrix *m, size_t v, size_t test_case, size_t affected)
{
	return has_interface_of(&m->cases[test_case], m->violations[v].requirement) ||
	    (test_case + v) % (affected / SAMPLE + 1) == 0;
}

static size_t
add_sampled(const struct matrix *m, size_t v, size_t count)
{
	size_t affected = 0;

	for (size_t i = 0; i < m->case_count; i++)
		affected += cell_of(m, v, i)->can_affect;
	for (size_t i = 0; i < m->case_count; i++)
		if (is_to_run(m, v, i) && (!m->is_quick || is_in_sample(m, v, i, affected)))
			violated[count++] = (struct pair){ v, i };
	return count;
}

/* A case that the sample does not show to be able to fail, by each of its checks, meets all violations. */
static size_t
add_unshown(const struct matrix *m, size_t test_case, size_t count)
{
	if (is_shown(m, &m->cases[test_case]))
		return count;
	for (size_t v = 0; v < m->violation_count; v++)
		if (is_to_run(m, v, test_case))
			violated[count++] = (struct pair){ v, test_case };
	return count;
}

void
run_violated(struct matrix *m)
{
	size_t count = 0;

	violated = allocated(calloc(m->violation_count * m->case_count, sizeof(*violated)));
	for (size_t v = 0; v < m->violation_count; v++)
		count = add_sampled(m, v, count);
	run_each(m, count, prepare_violated, take_violated);
	count = 0;
	for (size_t i = 0; m->is_quick && i < m->case_count; i++)
		count = add_unshown(m, i, count);
	run_each(m, count, prepare_violated, take_violated);
	free(violated);
}
