/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What changed, as JSON Lines: a line about both runs, then one for each change, with the members that a line of a case has.
 * docs/schema/shmcheck-report-diff.schema.json describes them.
 */

#include "diff.h"
#include "evidence.h"
#include "json_case.h"
#include "version.h"

/* The version of what the lines are. It changes if a reader must change. */
#define JSON_FORMAT 1

static void
add_run(struct json_object *line, const char *key, const struct run *run)
{
	struct json_object *member = json_new_object();

	json_add_text(member, "run", slice_of(run->name));
	json_add_if_any(member, "platform", slice_of(run->results.platform != NULL ? run->results.platform : ""));
	json_add_count(member, "asked", run->results.asked);
	json_add_count(member, "ended", run->results.ended);
	json_add(line, key, member);
}

static void
write_head(FILE *out, const struct diff *diff)
{
	struct json_object *line = json_new_object();
	struct json_object *totals = json_new_object();

	json_add_text(line, "type", slice_of("diff"));
	json_add_count(line, "format", JSON_FORMAT);
	json_add_text(line, "generator", slice_of(program_name));
	json_add_text(line, "version", slice_of(shmcheck_version));
	add_run(line, "before", diff->before);
	add_run(line, "after", diff->after);
	json_add_count(line, "cases", diff->cases);
	json_add_count(line, "regressions", diff_regressions(diff));
	for (enum change_kind kind = 0; kind < CHANGE_KINDS; kind++)
		json_add_count(totals, change_kind_name(kind), diff->counts[kind]);
	json_add(line, "totals", totals);
	json_write_line(out, line);
}

static void
add_ending(struct json_object *line, const char *key, const struct result *result)
{
	if (result == NULL)
		return;
	struct json_object *ending = json_new_object();
	json_add_text(ending, "outcome", slice_of(outcome_name(result->outcome)));
	json_add_seen(ending, result);
	json_add(line, key, ending);
}

static void
write_change(FILE *out, const struct case_change *change)
{
	struct json_object *line = json_new_object();

	json_add_text(line, "type", slice_of("change"));
	json_add_text(line, "change", slice_of(change_kind_name(change->kind)));
	json_add_truth(line, "regression", change->regression);
	json_add_case(line, change->any);
	add_ending(line, "before", change->before);
	add_ending(line, "after", change->after);
	json_write_line(out, line);
}

void
diff_json_write(FILE *out, const struct diff *diff)
{
	write_head(out, diff);
	for (size_t i = 0; i < diff->count; i++)
		write_change(out, &diff->changes[i]);
}
