/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * KTAP version 1, the form of TAP that the Linux kernel's tests have: Documentation/dev-tools/ktap.rst there. A program is a test
 * with its cases as subtests; of several runs, each is a test with its programs as subtests.
 *
 * An expected failure is "ok ... # XFAIL", as kselftest.h prints it: a reader that does not know the directive goes by the "ok".
 * The line "# Subtest: NAME" is not asked for, but KUnit's parser knows the name of the test by it.
 */

#include <stdlib.h>
#include <string.h>

#include "evidence.h"
#include "failure.h"
#include "format.h"
#include "summary.h"

/* How a test ended, with its subtests. */
struct verdict {
	bool fails;
	bool ran; /* it was not skipped, nor were all of its subtests */
};

/* A description ends at the first "#". */
static char *
description(const char *text)
{
	char *clean = text_clean(slice_of(text));

	for (char *next = clean; (next = strchr(next, '#')) != NULL;)
		*next = '_';
	return clean;
}

static void
write_result(FILE *out, int indent, bool is_ok, size_t number, const char *name, const char *directive, const char *why)
{
	char *what = description(name);
	char *clean = text_clean(slice_of(why));

	(void)fprintf(out, "%*s%s %zu %s", indent, "", is_ok ? "ok" : "not ok", number, what);
	if (directive != NULL)
		(void)fprintf(out, " # %s%s%s", directive, clean[0] != '\0' ? " " : "", clean);
	(void)fputc('\n', out);
	free(clean);
	free(what);
}

static void
begin(FILE *out, int indent, const char *name, size_t count)
{
	(void)fprintf(out, "%*sKTAP version 1\n", indent, "");
	if (name != NULL) {
		char *clean = description(name);
		(void)fprintf(out, "%*s# Subtest: %s\n", indent, "", clean);
		free(clean);
	}
	(void)fprintf(out, "%*s1..%zu\n", indent, "", count);
}

static void
diagnostic(FILE *out, int indent, const struct result *result, const char *label, struct slice text)
{
	char *name = description(result->name);
	char *clean = text_clean(text);

	if (clean[0] != '\0')
		(void)fprintf(out, "%*s# %s: %s%s\n", indent, "", name, label, clean);
	free(clean);
	free(name);
}

/* Lines about a test are before its result. */
static void
diagnostics(FILE *out, int indent, const struct result *result)
{
	char *lines = evidence_lines(result);
	struct slice rest = slice_of(lines);
	struct slice line;

	diagnostic(out, indent, result, "promised: ", slice_of(result->promise));
	diagnostic(out, indent, result, "by: ", slice_of(result->source));
	while (slice_line(&rest, &line))
		diagnostic(out, indent, result, "", line);
	free(lines);
}

static struct verdict
write_case(FILE *out, int indent, size_t number, const struct report *report, const struct run *run,
    const struct result *result)
{
	bool fails = fails_unexpectedly(&run->results, report->comparison, result);
	bool is_expected = fails_expectedly(&run->results, report->comparison, result);
	char *why = is_expected ? expected_reason(result) : text_copy(slice_of(result->reason));
	const char *directive = is_expected                           ? "XFAIL"
	    : result->outcome == SKIPPED                              ? "SKIP"
	    : result->outcome == BROKEN && failure_is_timeout(result) ? "TIMEOUT"
	    : result->outcome == BROKEN                               ? "ERROR"
								      : NULL;

	if (fails)
		diagnostics(out, indent, result);
	write_result(out, indent, !fails, number, result->name, directive, why);
	free(why);
	return (struct verdict){ .fails = fails, .ran = result->outcome != SKIPPED };
}

/* Write the result of a test that has subtests. */
static void
write_parent(FILE *out, int indent, size_t number, const char *name, struct verdict verdict)
{
	bool is_skipped = !verdict.fails && !verdict.ran;

	write_result(out, indent, !verdict.fails, number, name, is_skipped ? "SKIP" : NULL,
	    is_skipped ? "all of it was skipped" : "");
}

static void
join(struct verdict *all, struct verdict one)
{
	all->fails = all->fails || one.fails;
	all->ran = all->ran || one.ran;
}

/* How many cases from this one on are of its program. */
static size_t
program_size(const struct results *results, size_t first)
{
	size_t size = 1;

	while (first + size < results->count &&
	    strcmp(results->all[first].program, results->all[first + size].program) == 0)
		size++;
	return size;
}

static size_t
count_programs(const struct results *results)
{
	size_t count = 0;

	for (size_t i = 0; i < results->count; i += program_size(results, i))
		count++;
	return count;
}

/* A run that was cut short has a test more, which fails: nothing tells of the cases that are missing otherwise. */
static struct verdict
write_programs(FILE *out, int indent, const char *name, const struct report *report, const struct run *run)
{
	const struct results *results = &run->results;
	char *cut_short = summary_cut_short(results);
	struct verdict all = { .fails = cut_short[0] != '\0' };
	size_t number = 0;

	begin(out, indent, name, count_programs(results) + all.fails);
	for (size_t i = 0; i < results->count;) {
		const struct result *first = &results->all[i];
		size_t size = program_size(results, i);
		struct verdict program = { .fails = false };
		begin(out, indent + 2, first->program, size);
		for (size_t j = 0; j < size; j++)
			join(&program, write_case(out, indent + 2, j + 1, report, run, &first[j]));
		write_parent(out, indent, ++number, first->program, program);
		join(&all, program);
		i += size;
	}
	if (cut_short[0] != '\0')
		write_result(out, indent, false, number + 1, "the rest of the run", "ERROR", cut_short);
	free(cut_short);
	return all;
}

void
ktap_write(FILE *out, const struct report *report)
{
	const struct runs *runs = report->runs;

	if (runs->count == 1) {
		write_programs(out, 0, NULL, report, &runs->all[0]);
		return;
	}
	begin(out, 0, NULL, runs->count);
	for (size_t i = 0; i < runs->count; i++) {
		const char *name = runs->all[i].name;
		write_parent(out, 0, i + 1, name, write_programs(out, 2, name, report, &runs->all[i]));
	}
}
