/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * TAP version 14. Of one run the test points are in the document itself, as many readers know no subtests; of several, each run is
 * a subtest. An expected failure is "not ok ... # TODO". What was promised and seen, and what was observed, is in YAML.
 */

#include <stdlib.h>
#include <string.h>

#include "evidence.h"
#include "format.h"
#include "items.h"
#include "summary.h"
#include "tap_point.h"
#include "times.h"

/* A string of YAML on one line. The text is clean, so it has no other characters to escape. */
static void
write_string(FILE *out, const char *clean)
{
	(void)fputc('"', out);
	for (; *clean != '\0'; clean++) {
		if (*clean == '"' || *clean == '\\')
			(void)fputc('\\', out);
		(void)fputc(*clean, out);
	}
	(void)fputc('"', out);
}

static void
write_slice(FILE *out, struct slice text)
{
	char *clean = text_clean(text);

	write_string(out, clean);
	free(clean);
}

static void
write_pair(FILE *out, int indent, const char *key, struct slice value)
{
	if (value.length == 0)
		return;
	(void)fprintf(out, "%*s%s: ", indent, "", key);
	write_slice(out, value);
	(void)fputc('\n', out);
}

static void
write_list(FILE *out, int indent, const char *key, const char *text, bool (*next)(struct slice *, struct slice *))
{
	struct slice rest = slice_of(text);
	struct slice item;
	bool is_first = true;

	for (; next(&rest, &item); is_first = false) {
		if (is_first)
			(void)fprintf(out, "%*s%s:\n", indent, "", key);
		(void)fprintf(out, "%*s- ", indent + 2, "");
		write_slice(out, item);
		(void)fputc('\n', out);
	}
}

/* YAML has a key once: of one that was observed twice, the last value. */
static bool
is_seen_later(struct slice rest, struct slice key)
{
	struct observed later;

	while (observed_next(&rest, &later))
		if (later.key.length == key.length && memcmp(later.key.bytes, key.bytes, key.length) == 0)
			return true;
	return false;
}

static void
write_observed(FILE *out, int indent, struct slice output)
{
	struct observed observed;
	bool is_first = true;

	while (observed_next(&output, &observed)) {
		if (is_seen_later(output, observed.key))
			continue;
		if (is_first)
			(void)fprintf(out, "%*sobserved:\n", indent, "");
		(void)fprintf(out, "%*s", indent + 2, "");
		write_slice(out, observed.key);
		(void)fputs(": ", out);
		write_slice(out, observed.value);
		(void)fputc('\n', out);
		is_first = false;
	}
}

static bool
has_observed(struct slice output)
{
	struct observed observed;

	return observed_next(&output, &observed);
}

static void
write_yaml(FILE *out, int indent, const struct result *result, bool is_expected)
{
	bool fails = result->outcome != HOLDS;
	char *message = is_expected ? expected_reason(result) : evidence_seen(result);
	char *lines = evidence_messages(result);

	(void)fprintf(out, "%*s---\n", indent, "");
	if (fails) {
		write_pair(out, indent, "message", slice_of(message));
		(void)fprintf(out, "%*sseverity: %s\n", indent, "", is_expected ? "todo" : "fail");
	}
	write_pair(out, indent, "outcome", slice_of(outcome_name(result->outcome)));
	write_list(out, indent, "requirement", result->requirement, requirement_next);
	write_pair(out, indent, "level", slice_of(result->level));
	write_list(out, indent, "source", result->source, source_next);
	write_pair(out, indent, "sentence", slice_of(result->promise));
	if (fails)
		write_list(out, indent, "messages", lines, slice_line);
	write_observed(out, indent, result->output);
	if (result->end != 0)
		(void)fprintf(out, "%*sduration_ms: %.3f\n", indent, "", (double)result_duration(result) / 1e3);
	(void)fprintf(out, "%*s...\n", indent, "");
	free(lines);
	free(message);
}

static void
write_point(FILE *out, int indent, size_t number, const struct report *report, const struct run *run,
    const struct result *result)
{
	bool is_expected = fails_expectedly(&run->results, report->comparison, result);
	char *why = is_expected ? expected_reason(result) : text_copy(slice_of(result->reason));
	char *name = text_format("%s:%s", result->program, result->name);

	tap_point(out, indent, result->outcome == HOLDS || result->outcome == SKIPPED, number, name,
	    is_expected                      ? "TODO"
		: result->outcome == SKIPPED ? "SKIP"
					     : NULL,
	    why);
	if (result->outcome != SKIPPED && (result->outcome != HOLDS || has_observed(result->output)))
		write_yaml(out, indent + 2, result, is_expected);
	free(name);
	free(why);
}

/* Write all but the version. Returns whether the run is as it should be. */
static bool
write_document(FILE *out, int indent, const struct report *report, const struct run *run)
{
	const struct results *results = &run->results;
	char *platform = summary_platform(results);
	char *clean = text_clean(slice_of(platform));
	bool is_ok = !results_cut_short(results);

	/* A run that was cut short has fewer points than it planned. */
	(void)fprintf(
	    out, "%*s1..%zu\n", indent, "", is_ok ? results->count : results->count + results->asked - results->ended);
	(void)fprintf(out, "%*s# %s\n", indent, "", clean);
	for (size_t i = 0; i < results->count; i++) {
		write_point(out, indent, i + 1, report, run, &results->all[i]);
		is_ok = is_ok && !fails_unexpectedly(results, report->comparison, &results->all[i]);
	}
	free(clean);
	free(platform);
	return is_ok;
}

void
tap_write(FILE *out, const struct report *report)
{
	const struct runs *runs = report->runs;

	(void)fputs("TAP version 14\n", out);
	if (runs->count == 1) {
		char *cut_short = summary_cut_short(&runs->all[0].results);
		write_document(out, 0, report, &runs->all[0]);
		if (cut_short[0] != '\0')
			(void)fprintf(out, "Bail out! %s\n", cut_short);
		free(cut_short);
		return;
	}
	(void)fprintf(out, "1..%zu\n", runs->count);
	for (size_t i = 0; i < runs->count; i++) {
		char *name = tap_text(runs->all[i].name);
		(void)fprintf(out, "# Subtest: %s\n", name);
		bool is_ok = write_document(out, 4, report, &runs->all[i]);
		tap_point(out, 0, is_ok, i + 1, runs->all[i].name, NULL, NULL);
		free(name);
	}
}
