/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * shmcheck-explore: what goes wrong between calls. See docs/explorer.md. It needs fork(), pipes, and a directory for files; no
 * shell, no ATF, and no shared memory of its own.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "actor.h"
#include "c_program.h"
#include "coverage.h"
#include "explore.h"
#include "guardian.h"
#include "image.h"
#include "journal.h"
#include "open_file.h"
#include "replay.h"
#include "search.h"
#include "stage.h"
#include "text.h"

const char program_name[] = "shmcheck-explore";

static struct script script;
static script_answers answers;

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

/* What comes first: it tells the unit. */
static struct script_reader
read_first_round(const char *path)
{
	struct script_reader reader = { .file = open_file(path, "r") };
	char wrong[200];

	if (!script_read_round(&reader, &script, answers, wrong, sizeof(wrong)))
		die("'%s': %s", path, wrong);
	if (script.count == 0)
		die("'%s': there is no operation", path);
	return reader;
}

static unsigned
print_as_c(void)
{
	static struct round round;

	round_replay(&round, &script);
	if (round.script.count == 0)
		die("nothing is promised of any operation of the script");
	if (round.allowed.count == 0)
		die("nothing is promised of the last operation of the script");
	if (!c_program_can_wait(&round.script))
		die("there is no C program for a script in which a process exits whose parent has ended");
	c_program_write(stdout, &round);
	return 0;
}

/* The rounds that a record has are not done again, and the one at which it was cut short is a finding. */
static unsigned
resume(struct request *request)
{
	FILE *file = open_file(request->record, "r");
	char wrong[200];
	unsigned long rounds;

	if (!journal_unfinished(file, &rounds, &script, wrong, sizeof(wrong)))
		die("'%s': %s", request->record, wrong);
	fclose(file);
	printf("# The platform went down, or the explorer was killed, at the last of these operations:\n");
	script_write(stdout, &script);
	request->seed += rounds;
	request->unit = script.unit;
	return 1;
}

/* What does not need the processes. */
static void
check_names(const struct request *request)
{
	if (request->turn != NULL && rule_find(request->turn) == NULL)
		die("the model has no rule '%s'", request->turn);
	if (request->area != NULL && area_find(request->area) == NULL)
		die("there is no area '%s': segments, objects, files, mappings, locks and fork are", request->area);
}

static unsigned
do_all(struct request *request)
{
	struct script_reader reader = { .file = NULL };
	unsigned found = 0;

	if (request->resumes)
		found = resume(request);
	script.unit = request->unit;
	if (request->replay != NULL || request->c != NULL)
		reader = read_first_round(request->replay != NULL ? request->replay : request->c);
	if (request->record != NULL)
		journal_begin(request->record, request->resumes, request->syncs, script.unit);
	go_to_work(request->work);
	stage_begin(script.unit);
	if (request->replay != NULL && request->is_blind)
		found += replay_blindly(&reader, &script, answers);
	else if (request->replay != NULL)
		found += replay(&reader, &script, answers, request->findings);
	else if (request->c != NULL)
		found += print_as_c();
	else if (request->depth != 0)
		found += explore_all(request);
	else
		found += explore_at_random(request);
	journal_end();
	return found;
}

int
main(int count, char **arguments)
{
	struct request request;
	unsigned found;

	image_main(count, arguments, actor_go_on);
	request = request_parse(count, arguments);
	check_names(&request);
	rule_turn_round(request.turn);
	if (request.merges)
		found = coverage_merge(request.words, stdout);
	else
		found = do_all(&request);
	guardian_finish();
	if (fflush(stdout) != 0)
		die("cannot write: %s", strerror(errno));
	return found > 0 ? 1 : 0;
}
