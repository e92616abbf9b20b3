/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Runs the suite where there is no Kyua: on a new platform, in a guest, in a sandbox. It needs fork(), exec, pipes, wait and
 * a directory to write in. It needs no shell and no shared memory.
 */

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/statvfs.h>

#include "manner.h"
#include "request.h"
#include "results_file.h"
#include "suite.h"
#include "tap.h"

const char program_name[] = "shmcheck-run";

/* Seconds. Kyua has the same for a case that does not ask for another. */
enum { TIME_LIMIT = 300 };

struct totals {
	size_t passed;
	size_t failed;
	size_t skipped;
};

/* An absolute path, as cases run in directories of their own. */
static char *
absolute(const char *path)
{
	char *whole = realpath(path, NULL);

	if (whole == NULL)
		die("no directory '%s': %s", path, strerror(errno));
	return whole;
}

static char *
top_of(const struct request *r, const char *program)
{
	const char *slash = strrchr(program, '/');
	char *directory;
	char *top;

	if (r->top != NULL)
		return absolute(r->top);
	if (slash == NULL)
		return absolute(".");
	directory = text_format("%.*s", slash == program ? 1 : (int)(slash - program), program);
	top = absolute(directory);
	free(directory);
	return top;
}

static void
work_in(const char *directory)
{
	char *path = absolute(directory);

	setenv("TMPDIR", path, 1);
	free(path);
}

/* Claims are checked by a program of their own, even if only other cases are named. */
static void
add_areas(struct request *r, const struct suite *s)
{
	bool is_there = false;

	for (size_t i = 0; i < s->program_count; i++)
		is_there |= strcmp(s->programs[i].path, AREAS_PROGRAM) == 0;
	if (!is_there)
		die("--require needs the program " AREAS_PROGRAM ", which this bundle does not have");
	if (r->word_count > 0)
		r->words[r->word_count++] = AREAS_PROGRAM;
}

static unsigned
limit_of(const struct suite_case *c, const struct manner *m)
{
	char *text = text_copy(case_property(&c->listed, "timeout"));
	const long asked = strtol(text, NULL, 10);

	free(text);
	if (m->limit != 0)
		return m->limit;
	return asked > 0 && asked < 100000 ? (unsigned)asked : TIME_LIMIT;
}

static void
count_result(struct totals *t, enum result result)
{
	if (result == RESULT_SKIPPED)
		t->skipped++;
	else if (result == RESULT_FAILED || result == RESULT_BROKEN)
		t->failed++;
	else
		t->passed++;
}

static char *
output_path(size_t number, const char *what)
{
	return text_format("%s/case.%zu.%s", runs_directory(), number, what);
}

static void
start_case(struct suite *s, size_t number, const struct manner *m)
{
	const struct suite_case *c = &s->cases[number];

	/* The strings must stay until the run is collected. */
	run_start(&(struct run){ .number = number,
	    .program = c->program->file,
	    .argument = c->name,
	    .under = m->wrapper,
	    .options = m->options,
	    .environment = m->environment,
	    .limit = limit_of(c, m),
	    .has_cleanup = slice_equals(case_property(&c->listed, "has.cleanup"), "true"),
	    .output = output_path(number, "output"),
	    .errors = output_path(number, "errors") });
}

static void
end_case(struct suite *s, const struct run *r, struct totals *t)
{
	struct suite_case *c = &s->cases[r->number];

	c->is_running = false;
	c->result = r->result;
	c->reason = text_copy(slice_of(r->reason));
	results_end(c, r->start, r->end, r->output, r->errors);
	tap_ends(c, r->errors);
	count_result(t, c->result);
	remove(r->output);
	remove(r->errors);
	free((char *)(uintptr_t)r->output);
	free((char *)(uintptr_t)r->errors);
}

static void
end_decided(const struct suite_case *c, struct totals *t)
{
	results_end(c, 0, 0, NULL, NULL);
	tap_ends(c, NULL);
	count_result(t, c->result);
}

/* A case that ran when the platform went down is to blame if it ran alone, or if that happened twice. */
static void
judge_begun(struct suite_case *c)
{
	if (c->begun == 0 || (c->begun == 1 && !c->was_alone))
		return;
	c->is_decided = true;
	c->result = RESULT_BROKEN;
	c->reason = text_format("the platform went down, or the runner was killed, while it ran");
}

/* The case ran with others when the platform went down. It runs alone now, which tells whether it is to blame. */
static bool
is_suspect(const struct suite_case *c)
{
	return c->begun > 0 && !c->is_decided;
}

/* Returns false if a signal came. */
static bool
run_cases(struct suite *s, const struct request *request, const struct manner *m, bool suspects, struct totals *t)
{
	const bool one_by_one = suspects || request->jobs == 1;
	struct run ended;
	size_t next = 0;

	while (next < s->case_count || runs_running() > 0) {
		while (next < s->case_count && (one_by_one ? runs_running() == 0 : runs_have_room())) {
			struct suite_case *c = &s->cases[next];
			const size_t number = next++;

			if (c->has_ended || is_suspect(c) != suspects)
				continue;
			if (c->is_decided) {
				end_decided(c, t);
				continue;
			}
			results_begin(c, runs_running());
			if (one_by_one || request->verbose)
				tap_begins(c);
			c->is_running = true;
			start_case(s, number, m);
		}
		if (run_collect(&ended))
			end_case(s, &ended, t);
		else if (runs_signal() != 0)
			return false;
	}
	return true;
}

/* A case that is running has no result. It runs again when the run is resumed. */
static _Noreturn void
end_by_signal(const struct suite *s, int number)
{
	runs_end();
	for (size_t i = 0; i < s->case_count; i++)
		if (s->cases[i].is_running)
			results_interrupted(&s->cases[i]);
	(void)results_close();
	signal(number, SIG_DFL);
	raise(number);
	exit(128 + number);
}

/* How many cases are to come. The results of an earlier run are added to the totals. */
static size_t
cases_left(struct suite *s, struct totals *t)
{
	size_t left = 0;

	for (size_t i = 0; i < s->case_count; i++) {
		judge_begun(&s->cases[i]);
		if (s->cases[i].has_ended)
			count_result(t, s->cases[i].result);
		else
			left++;
	}
	return left;
}

static void
print_list(const struct suite *s)
{
	for (size_t i = 0; i < s->case_count; i++)
		puts(s->cases[i].id);
}

static const char *
work_directory(void)
{
	const char *directory = getenv("TMPDIR");

	return directory == NULL ? "/tmp" : directory;
}

/* The output of a case, its result and what it makes take pages of the work directory. Where few are free, one case runs at a time. */
static unsigned
jobs_that_have_room(unsigned jobs)
{
	struct statvfs place;
	uintmax_t room;

	if (statvfs(work_directory(), &place) == -1 || place.f_blocks == 0)
		return jobs; /* nobody can tell */
	room = (uintmax_t)place.f_bavail * place.f_frsize / 1024;
	if (room < 16)
		die("'%s' has room for %ju KiB, and a case needs 16; --work names another directory", work_directory(),
		    room);
	return room < 1024 ? 1 : jobs;
}

int
main(int count, char **arguments)
{
	struct request request = request_parse(count, arguments);
	/* These stay as long as the process. */
	static struct suite suite;
	static struct manner manner;
	const bool to_output = request.results != NULL && strcmp(request.results, "-") == 0;
	struct totals totals = { 0, 0, 0 };
	const struct test_program *listed;
	size_t left;

	manner = manner_of(&request);
	suite_read(&suite, top_of(&request, arguments[0]));
	if (request.require != NULL)
		add_areas(&request, &suite);
	if (request.work != NULL)
		work_in(request.work);
	request.jobs = jobs_that_have_room(request.jobs);
	if (!runs_begin(request.jobs, TIME_LIMIT))
		die("cannot make a directory for the cases in '%s': %s; --work names another", work_directory(),
		    strerror(errno));
	if (!suite_list(&suite, &manner, request.words, request.word_count))
		end_by_signal(&suite, runs_signal());
	free(request.words);
	free(request.variables);
	if (request.list) {
		print_list(&suite);
		return fflush(stdout) == 0 ? 0 : 2;
	}
	listed = suite_listed_program(&suite);
	if (listed != NULL)
		manner_learn(&manner, listed->file);
	if (request.resume)
		results_resume(request.results, &suite);
	else if (request.results != NULL)
		results_create(request.results, &suite);
	left = cases_left(&suite, &totals);
	tap_begin(to_output ? stderr : stdout, left);
	if (!run_cases(&suite, &request, &manner, true, &totals) ||
	    !run_cases(&suite, &request, &manner, false, &totals)) {
		tap_interrupted(runs_signal(), totals.passed + totals.failed + totals.skipped, suite.case_count);
		end_by_signal(&suite, runs_signal());
	}
	tap_totals(totals.passed, totals.failed, totals.skipped);
	runs_end();
	if (!results_close() || fflush(stdout) != 0)
		die("cannot write the results: %s", strerror(errno));
	if (totals.failed > 0)
		return 1;
	return totals.passed > 0 ? 0 : 2;
}
