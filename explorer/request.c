/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "option.h"
#include "request.h"
#include "script.h"
#include "text.h"
#include "version.h"

static const char usage[] =
    "usage: shmcheck-explore [option ...]\n"
    "       shmcheck-explore --merge FILE ...\n"
    "\n"
    "Lets processes do random operations on shared memory, one after another, and compares\n"
    "what comes back with what the documents allow. What differs is shrunk to a short script\n"
    "and printed.\n"
    "\n"
    "  --seed N             the random rounds of this number (default: 1)\n"
    "  --swarm I/N          the share of machine I of N: other seeds than those of all others\n"
    "  --operations N       end after N operations, looks included (default: 100000)\n"
    "  --time N             end after N seconds\n"
    "  --findings N         end after N findings that differ from each other (default: 1)\n"
    "  --length N           a round has N operations (default: 40)\n"
    "  --unit N             a unit of memory is N pages (default: 1)\n"
    "  --exhaustive N       instead of random rounds all sequences of N operations, of a few kinds:\n"
    "                       one area after another, each with at most the operations of --operations\n"
    "  --area NAME          only that area: segments, objects, files, mappings, locks or fork\n"
    "  --coverage           tell which rules were reached how often, and which were never\n"
    "  --save-coverage FILE the same as lines, for --merge, which tells it of all files together\n"
    "  --record FILE        write all that is done to the file, with what comes back\n"
    "  --sync               each operation is on the disk before it is done\n"
    "  --resume             go on behind the operation at which the record was cut short\n"
    "  --replay FILE        instead of random rounds do what the script or the record says, and\n"
    "                       compare with what was recorded\n"
    "  --blind              with --replay: do it, and compare nothing, to measure the time\n"
    "  --c FILE             print the script as a C program that needs nothing else\n"
    "  --work DIR           where to make files (default: TMPDIR, or /tmp)\n"
    "  --turn-round RULE    the model says the contrary by this rule, to see that it is found\n"
    "  --version            print the version\n"
    "\n"
    "Exit status: 0 all is as allowed, 1 something differs, 2 the explorer cannot run.\n";

static uint64_t
number_of(const char *option, const char *text, uint64_t most)
{
	char *end;
	unsigned long long number;

	errno = 0;
	number = strtoull(text, &end, 10);
	if (errno != 0 || *text < '0' || *text > '9' || *end != '\0' || number < 1 || number > most)
		die("%s must be a number from 1 to %llu, not '%s'", option, (unsigned long long)most, text);
	return number;
}

/* "I/N": of the machine I of N. */
static void
take_share(struct request *r, const char *text)
{
	char end;

	if (sscanf(text, "%u/%u%c", &r->machine, &r->machines, &end) != 2 || r->machine < 1 || r->machine > r->machines)
		die("--swarm must be I/N, with I from 1 to N, not '%s'", text);
}

/* Store the value if the option is one that has a value. Returns whether it is. */
static bool
take_value(struct request *r, const char *option, const char *value)
{
	const struct text_option texts[] = {
		{ "--replay", &r->replay },
		{ "--record", &r->record },
		{ "--save-coverage", &r->save_coverage },
		{ "--c", &r->c },
		{ "--area", &r->area },
		{ "--work", &r->work },
		{ "--turn-round", &r->turn },
	};
	const struct {
		const char *option;
		unsigned *number;
		unsigned most;
	} numbers[] = {
		{ "--operations", &r->operations, 4000000000U },
		{ "--time", &r->time, 1000000 },
		{ "--findings", &r->findings, FINDINGS_MAX },
		{ "--length", &r->length, SCRIPT_MAX / 2 },
		{ "--unit", &r->unit, UNIT_MAX },
		{ "--exhaustive", &r->depth, 20 },
	};

	if (option_takes_text(texts, sizeof(texts) / sizeof(texts[0]), option, value))
		return true;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (strcmp(option, numbers[i].option) == 0) {
			*numbers[i].number = (unsigned)number_of(option, option_value(option, value), numbers[i].most);
			return true;
		}
	if (strcmp(option, "--seed") == 0)
		r->seed = number_of(option, option_value(option, value), UINT64_MAX);
	else if (strcmp(option, "--swarm") == 0)
		take_share(r, option_value(option, value));
	else
		return false;
	return true;
}

static void
take_flag(struct request *r, const char *option)
{
	if (strcmp(option, "--coverage") == 0)
		r->shows_coverage = true;
	else if (strcmp(option, "--blind") == 0)
		r->is_blind = true;
	else if (strcmp(option, "--sync") == 0)
		r->syncs = true;
	else if (strcmp(option, "--resume") == 0)
		r->resumes = true;
	else if (strcmp(option, "--help") == 0 || strcmp(option, "-h") == 0) {
		fputs(usage, stdout);
		exit(0);
	} else if (strcmp(option, "--version") == 0) {
		printf("shmcheck-explore %s\n", shmcheck_version);
		exit(0);
	} else
		die("unknown option '%s'; try --help", option);
}

struct request
request_parse(int count, char *const *arguments)
{
	struct request r = {
		.seed = 1, .operations = 100000, .length = 40, .unit = 1, .findings = 1, .machine = 1, .machines = 1
	};

	if (count > 1 && strcmp(arguments[1], "--merge") == 0) {
		r.merges = true;
		r.words = arguments + 2;
		if (count == 2)
			die("--merge needs files that --save-coverage has written");
		return r;
	}
	for (int i = 1; i < count; i++)
		if (take_value(&r, arguments[i], arguments[i + 1]))
			i++;
		else
			take_flag(&r, arguments[i]);
	if (r.resumes && r.record == NULL)
		die("--resume needs --record");
	/* All machines together have the seeds that follow each other. */
	r.seed = (r.seed - 1) * r.machines + r.machine;
	return r;
}
