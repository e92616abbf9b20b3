/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "explore.h"
#include "finding.h"
#include "journal.h"
#include "open_file.h"
#include "search.h"
#include "stage.h"
#include "text.h"
#include "walk.h"

static struct round current;

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

static void
save_coverage(const char *path, const struct coverage *c)
{
	FILE *file = open_file(path, "w");

	coverage_save(file, c);
	if (fclose(file) != 0)
		die("cannot write '%s': %s", path, strerror(errno));
}

static void
record_choices(const struct coverage *c)
{
	char text[CHOICE_SIZE];

	for (unsigned kind = 0; kind < OPERATIONS; kind++)
		if (coverage_print_choice(c, kind, text, sizeof(text)))
			journal_choice(operation_form(kind)->name, text);
}

/* What is not there, or has no room, is no finding. But nobody should take it for explored. */
static void
print_left_out(void)
{
	static const char why[] = "the system has none, or no room for as many as a round may make";

	if (!stage_setting()->has_segments)
		printf("# Segments are left out: %s.\n", why);
	if (!stage_setting()->has_objects)
		printf("# Objects are left out: %s.\n", why);
	if (!stage_setting()->has_files)
		printf("# Files are left out: the working directory has no room for as many as a round may make.\n");
}

unsigned
explore_at_random(const struct request *request)
{
	struct walk w = walk_begin(request->seed, stage_setting());
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
		coverage_report(stdout, &w.coverage);
	if (request->save_coverage != NULL)
		save_coverage(request->save_coverage, &w.coverage);
	printf("# seed %ju: %lu operations in %lu rounds\n", (uintmax_t)request->seed, w.operations, w.rounds);
	coverage_report_choices(stdout, &w.coverage);
	record_choices(&w.coverage);
	print_left_out();
	coverage_end(&w.coverage);
	return findings;
}

unsigned
explore_all(const struct request *request)
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
	print_left_out();
	return verdict == DIFFERS ? 1 : 0;
}
