/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * shmcheck-explore: what goes wrong between calls. See docs/explorer.md. It needs fork(), pipes, and a directory for
 * files; no shell, no ATF, and no shared memory of its own.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "c_program.h"
#include "difference.h"
#include "finding.h"
#include "guardian.h"
#include "request.h"
#include "search.h"
#include "stage.h"
#include "text.h"
#include "walk.h"

const char program_name[] = "shmcheck-explore";

static struct round current;

static FILE *
fopen_to_read(const char *path)
{
	FILE *file = fopen(path, "r");

	if (file == NULL)
		die("cannot read '%s': %s", path, strerror(errno));
	return file;
}

static void
read_script(const char *path, struct script *s)
{
	FILE *file = fopen_to_read(path);
	char wrong[200];

	if (!script_read(file, s, wrong, sizeof(wrong)))
		die("'%s': %s", path, wrong);
	fclose(file);
}

static void
go_to_work(const char *directory)
{
	if (directory == NULL)
		directory = getenv("TMPDIR");
	if (directory == NULL)
		directory = "/tmp";
	if (chdir(directory) == -1)
		die("cannot enter '%s': %s; --work names another", directory, strerror(errno));
}

/* Returns the exit status. */
static int
replay(const struct script *s)
{
	if (round_replay(&current, s) == DIFFERS) {
		difference_write(stdout, &current);
		return 1;
	}
	if (current.script.count < s->count)
		printf("# %u of %u operations are not promised anything, and were left out\n",
		    s->count - current.script.count, s->count);
	printf("# %u operations: all is as allowed\n", current.script.count);
	return 0;
}

static int
print_as_c(const struct script *s)
{
	round_replay(&current, s);
	if (current.script.count == 0)
		die("no operation of the script is promised anything");
	c_program_write(stdout, &current);
	return 0;
}

static void
write_totals(const struct walk *w, uint64_t seed)
{
	printf("# seed %ju: %lu operations in %lu rounds\n", (uintmax_t)seed, w->operations, w->rounds);
}

/* Whether nothing differed in this way before. */
static bool
is_new(const struct round *r)
{
	static struct difference known[FINDINGS_MAX];
	static unsigned count;

	for (unsigned i = 0; i < count; i++)
		if (differ_alike(known[i], round_difference(r)))
			return false;
	if (count < FINDINGS_MAX)
		known[count++] = round_difference(r);
	return true;
}

static int
explore(const struct request *request)
{
	struct walk w = walk_begin(request->seed);
	const time_t end = time(NULL) + request->time;
	unsigned findings = 0;

	while (findings < request->findings && w.operations < request->operations &&
	    (request->time == 0 || time(NULL) < end)) {
		if (walk_round(&w, &current, request->length) != DIFFERS || !is_new(&current))
			continue;
		findings++;
		finding_write(stdout, &current);
		fflush(stdout);
	}
	if (request->shows_coverage)
		coverage_write(stdout, &w.coverage);
	write_totals(&w, request->seed);
	free(w.coverage.counts);
	return findings > 0 ? 1 : 0;
}

/* All areas, or the one of that name. */
static int
search_areas(const struct request *request)
{
	enum verdict verdict = HOLDS;

	for (const struct area *a = area_next(NULL); a != NULL && verdict != DIFFERS; a = area_next(a)) {
		struct found found;

		if (request->area != NULL && strcmp(request->area, a->name) != 0)
			continue;
		verdict = search(a, request->depth, request->operations, &current, &found);
		if (verdict == DIFFERS)
			finding_write(stdout, &current);
		printf("# %s: %lu worlds by up to %u operations%s; %lu operations in %lu rounds\n", a->name,
		    found.worlds, request->depth, found.is_whole ? "" : ", not all of them", found.operations,
		    found.rounds);
	}
	return verdict == DIFFERS ? 1 : 0;
}

int
main(int count, char **arguments)
{
	const struct request request = request_parse(count, arguments);
	static struct script script;
	int status;

	if (request.turn != NULL && rule_find(request.turn) == NULL)
		die("the model has no rule '%s'", request.turn);
	if (request.area != NULL && area_find(request.area) == NULL)
		die("there is no area '%s': segments, objects, files, mappings and fork are", request.area);
	rule_turn_round(request.turn);
	script.unit = request.unit;
	if (request.replay != NULL || request.c != NULL)
		read_script(request.replay != NULL ? request.replay : request.c, &script);
	go_to_work(request.work);
	stage_begin(script.unit);
	if (request.replay != NULL)
		status = replay(&script);
	else if (request.c != NULL)
		status = print_as_c(&script);
	else if (request.depth != 0)
		status = search_areas(&request);
	else
		status = explore(&request);
	guardian_finish();
	if (fflush(stdout) != 0)
		die("cannot write: %s", strerror(errno));
	return status;
}
