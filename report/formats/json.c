/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * JSON Lines: an object a line, so that a reader needs no more memory than one takes, and grep and jq find a case. First a line
 * for each run, then one for each of its cases. docs/schema/shmcheck-report.schema.json describes them.
 */

#include "evidence.h"
#include "format.h"
#include "json_case.h"
#include "json_text.h"
#include "times.h"
#include "version.h"

/* The version of what the lines are. It changes if a reader must change. */
#define JSON_FORMAT 1

static void
add_totals(struct json_object *line, const struct results *results)
{
	struct json_object *totals = json_new_object();
	size_t counts[SKIPPED + 1] = { 0 };

	for (size_t i = 0; i < results->count; i++)
		counts[results->all[i].outcome]++;
	for (int outcome = HOLDS; outcome <= SKIPPED; outcome++)
		json_add_count(totals, outcome_name((enum outcome)outcome), counts[outcome]);
	json_add(line, "totals", totals);
}

static void
write_run(FILE *out, const struct run *run)
{
	const struct results *results = &run->results;
	struct json_object *line = json_new_object();

	json_add_text(line, "type", slice_of("run"));
	json_add_count(line, "format", JSON_FORMAT);
	json_add_text(line, "generator", slice_of(program_name));
	json_add_text(line, "version", slice_of(shmcheck_version));
	json_add_text(line, "run", slice_of(run->name));
	if (results->platform != NULL)
		json_add_text(line, "platform", slice_of(results->platform));
	json_add_count(line, "asked", results->asked);
	json_add_count(line, "ended", results->ended);
	add_totals(line, results);
	json_add_time(line, "start", results_start(results));
	json_add_time(line, "end", results_end(results));
	json_write_line(out, line);
}

static void
write_case(FILE *out, const struct report *report, const struct run *run, const struct result *result)
{
	struct json_object *line = json_new_object();

	json_add_text(line, "type", slice_of("case"));
	json_add_text(line, "run", slice_of(run->name));
	json_add_case(line, result);
	json_add_text(line, "outcome", slice_of(outcome_name(result->outcome)));
	if (report->comparison != NULL)
		json_add_text(
		    line, "expected", slice_of(outcome_name(report->comparison->expected[result - run->results.all])));
	json_add_seen(line, result);
	if (report->violations != NULL)
		json_add_violations(line, report->violations, result);
	json_add_time(line, "start", result->start);
	if (result->end != 0)
		json_add_seconds(line, "duration", result_duration(result));
	json_add_if_any(line, "output", result->output);
	json_add_if_any(line, "errors", result->errors);
	json_write_line(out, line);
}

void
json_write(FILE *out, const struct report *report)
{
	for (size_t i = 0; i < report->runs->count; i++) {
		const struct run *run = &report->runs->all[i];
		write_run(out, run);
		for (size_t j = 0; j < run->results.count; j++)
			write_case(out, report, run, &run->results.all[j]);
	}
}
