/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * JUnit's XML, for services that show test results. There is no one schema of it; this is what Jenkins (the plugins junit and
 * xunit), GitLab and the reporters for GitHub read in common: "testsuites" with one level of "testsuite", as some of them know no
 * nested ones.
 *
 * None of them knows an expected failure. As "failure" it would turn each run red; as a passed case, which is what Kyua writes, it
 * would be lost. So it is "skipped", of a type of its own, and with the reason in "message", which all of them show. The property
 * "outcome" tells the outcomes apart for programs.
 *
 * Properties of a case are in the case, where Jenkins looks for them. The schema junit-10.xsd of Jenkins's xunit plugin has them
 * only in a suite; other readers skip what they do not know.
 */

#include <inttypes.h>
#include <libxml/xmlwriter.h>
#include <stdlib.h>
#include <string.h>

#include "evidence.h"
#include "format.h"
#include "items.h"
#include "summary.h"
#include "times.h"

/* Each call of the writer fails only if it has no memory. */
static void
check(int status)
{
	allocated(status < 0 ? NULL : &status);
}

static void
begin(xmlTextWriter *xml, const char *element)
{
	check(xmlTextWriterStartElement(xml, BAD_CAST element));
}

static void
end(xmlTextWriter *xml)
{
	check(xmlTextWriterEndElement(xml));
}

static void
attribute(xmlTextWriter *xml, const char *name, struct slice value)
{
	char *clean = text_clean_lines(value);

	check(xmlTextWriterWriteAttribute(xml, BAD_CAST name, BAD_CAST clean));
	free(clean);
}

static void
count(xmlTextWriter *xml, const char *name, size_t value)
{
	check(xmlTextWriterWriteFormatAttribute(xml, BAD_CAST name, "%zu", value));
}

static void
text(xmlTextWriter *xml, struct slice value)
{
	char *clean = text_clean_lines(value);

	check(xmlTextWriterWriteString(xml, BAD_CAST clean));
	free(clean);
}

static void
property(xmlTextWriter *xml, const char *name, struct slice value)
{
	if (value.length == 0)
		return;
	begin(xml, "property");
	attribute(xml, "name", slice_of(name));
	attribute(xml, "value", value);
	end(xml);
}

static void
properties_of_case(xmlTextWriter *xml, const struct result *result)
{
	struct slice rest = result->output;
	struct observed observed;

	begin(xml, "properties");
	property(xml, "requirement", slice_of(result->requirement));
	property(xml, "level", slice_of(result->level));
	property(xml, "source", slice_of(result->source));
	property(xml, "sentence", slice_of(result->promise));
	property(xml, "outcome", slice_of(outcome_name(result->outcome)));
	while (observed_next(&rest, &observed)) {
		char *key = text_copy(observed.key);
		char *name = text_format("observed.%s", key);
		property(xml, name, observed.value);
		free(name);
		free(key);
	}
	end(xml);
}

/* Return the text with its label; empty if it is. The caller frees it. */
static char *
labelled(const char *label, const char *value)
{
	return value[0] == '\0' ? text_copy(slice_of("")) : text_format("%s: %s\n", label, value);
}

/* GitLab drops the attribute if there is a text, so the text has all. */
static void
failure(xmlTextWriter *xml, const struct result *result)
{
	char *line = evidence_seen(result);
	char *lines = evidence_lines(result);
	char *promise = labelled("Promised", result->promise);
	char *source = labelled("By", result->source);
	char *seen = labelled("Seen", lines);
	char *whole = text_format("%s%s%s", promise, source, seen);

	begin(xml, result->outcome == BROKEN ? "error" : "failure");
	attribute(xml, "type", slice_of(result->level[0] != '\0' ? result->level : outcome_name(result->outcome)));
	attribute(xml, "message", slice_of(line));
	text(xml, slice_of(whole));
	end(xml);
	free(whole);
	free(seen);
	free(source);
	free(promise);
	free(lines);
	free(line);
}

static void
skipped(xmlTextWriter *xml, const char *type, const char *message)
{
	begin(xml, "skipped");
	attribute(xml, "type", slice_of(type));
	attribute(xml, "message", slice_of(message));
	end(xml);
}

static void
outcome(xmlTextWriter *xml, const struct run *run, const struct comparison *comparison, const struct result *result)
{
	if (fails_unexpectedly(&run->results, comparison, result)) {
		failure(xml, result);
	} else if (result->outcome == SKIPPED) {
		skipped(xml, "shmcheck.skipped", result->reason);
	} else if (result->outcome != HOLDS) {
		char *reason = expected_reason(result);
		skipped(xml,
		    result->outcome == DEVIATES           ? "shmcheck.deviation"
			: result->outcome == KNOWN_DEFECT ? "shmcheck.defect"
							  : "shmcheck.expected",
		    reason);
		free(reason);
	}
}

static void
output(xmlTextWriter *xml, const char *element, struct slice bytes)
{
	if (bytes.length == 0)
		return;
	begin(xml, element);
	text(xml, bytes);
	end(xml);
}

/*
 * Dots between the parts make "tests" and its directories packages. The platform is one more, if there are several: services take
 * two cases of one name for one. Its own dots are none.
 */
static char *
class_name(const struct report *report, const struct run *run, const struct result *result)
{
	char *platform = report->runs->count > 1 ? text_format("%s.", run->name) : text_copy(slice_of(""));
	char *program = text_copy(slice_of(result->program));
	size_t length = strlen(platform);

	for (size_t i = 0; i + 1 < length; i++)
		if (platform[i] == '.')
			platform[i] = '_';
	for (char *slash = program; (slash = strchr(slash, '/')) != NULL;)
		*slash = '.';
	char *name = text_format("%s%s", platform, program);
	free(program);
	free(platform);
	return name;
}

static void
write_case(xmlTextWriter *xml, const struct report *report, const struct run *run, const struct result *result)
{
	char *class = class_name(report, run, result);
	char *time = seconds_text(result_duration(result));

	begin(xml, "testcase");
	attribute(xml, "classname", slice_of(class));
	attribute(xml, "name", slice_of(result->name));
	attribute(xml, "time", slice_of(time));
	properties_of_case(xml, result);
	outcome(xml, run, report->comparison, result);
	output(xml, "system-out", result->output);
	output(xml, "system-err", result->errors);
	end(xml);
	free(time);
	free(class);
}

/* What the attributes of a suite, or of all, count. */
struct sums {
	size_t tests;
	size_t failures;
	size_t errors;
	size_t skipped;
	uint64_t time; /* microseconds of all cases, one after another */
};

static void
add(struct sums *sums, const struct run *run, const struct comparison *comparison, const struct result *result)
{
	bool fails = fails_unexpectedly(&run->results, comparison, result);

	sums->tests++;
	sums->failures += fails && result->outcome == FAILED;
	sums->errors += fails && result->outcome == BROKEN;
	sums->skipped += !fails && result->outcome != HOLDS;
	sums->time += result_duration(result);
}

static void
write_sums(xmlTextWriter *xml, const struct sums *sums)
{
	count(xml, "tests", sums->tests);
	count(xml, "failures", sums->failures);
	count(xml, "errors", sums->errors);
	/* Schemas that restrict it allow three decimals. */
	check(xmlTextWriterWriteFormatAttribute(
	    xml, BAD_CAST "time", "%" PRIu64 ".%03" PRIu64, sums->time / 1000000, sums->time / 1000 % 1000));
}

/* Write a suite for the program of this case, which is the first of "cases". */
static void
write_suite(
    xmlTextWriter *xml, const struct report *report, const struct run *run, const struct result *first, size_t cases)
{
	struct sums sums = { .tests = 0 };
	char *name = text_format(
	    "%s%s%s", report->runs->count > 1 ? run->name : "", report->runs->count > 1 ? ": " : "", first->program);
	int64_t start = first->start;

	for (size_t i = 0; i < cases; i++) {
		add(&sums, run, report->comparison, &first[i]);
		start = first[i].start < start ? first[i].start : start;
	}
	char *timestamp = time_text(start);

	begin(xml, "testsuite");
	attribute(xml, "name", slice_of(name));
	write_sums(xml, &sums);
	count(xml, "skipped", sums.skipped);
	/* Without fractions and a zone, which some readers refuse. */
	if (timestamp != NULL)
		attribute(xml, "timestamp", (struct slice){ timestamp, strcspn(timestamp, ".") });
	if (run->results.platform != NULL) {
		begin(xml, "properties");
		property(xml, "platform", slice_of(run->results.platform));
		end(xml);
	}
	for (size_t i = 0; i < cases; i++)
		write_case(xml, report, run, &first[i]);
	end(xml);
	free(timestamp);
	free(name);
}

static void
write_run(xmlTextWriter *xml, const struct report *report, const struct run *run)
{
	const struct results *results = &run->results;

	for (size_t i = 0; i < results->count;) {
		size_t cases = 1;
		while (
		    i + cases < results->count && strcmp(results->all[i].program, results->all[i + cases].program) == 0)
			cases++;
		write_suite(xml, report, run, &results->all[i], cases);
		i += cases;
	}
}

/* A run that was cut short may have no failure; the document must not look as if all is well. */
static void
write_cut_short(xmlTextWriter *xml, const struct run *run)
{
	char *message = summary_cut_short(&run->results);

	begin(xml, "testsuite");
	attribute(xml, "name", slice_of(run->name));
	write_sums(xml, &(struct sums){ .tests = 1, .errors = 1 });
	begin(xml, "testcase");
	attribute(xml, "classname", slice_of("shmcheck"));
	attribute(xml, "name", slice_of("run"));
	attribute(xml, "time", slice_of("0"));
	begin(xml, "error");
	attribute(xml, "type", slice_of("shmcheck.cut-short"));
	attribute(xml, "message", slice_of(message));
	text(xml, slice_of(message));
	end(xml);
	end(xml);
	end(xml);
	free(message);
}

static void
write_all(xmlTextWriter *xml, const struct report *report)
{
	struct sums sums = { .tests = 0 };

	for (size_t i = 0; i < report->runs->count; i++) {
		const struct run *run = &report->runs->all[i];
		bool cut_short = results_cut_short(&run->results);
		sums.tests += cut_short;
		sums.errors += cut_short;
		for (size_t j = 0; j < run->results.count; j++)
			add(&sums, run, report->comparison, &run->results.all[j]);
	}
	begin(xml, "testsuites");
	attribute(xml, "name", slice_of("shmcheck"));
	write_sums(xml, &sums);
	for (size_t i = 0; i < report->runs->count; i++) {
		write_run(xml, report, &report->runs->all[i]);
		if (results_cut_short(&report->runs->all[i].results))
			write_cut_short(xml, &report->runs->all[i]);
	}
	end(xml);
}

void
junit_write(FILE *out, const struct report *report)
{
	xmlBuffer *buffer = allocated(xmlBufferCreate());
	xmlTextWriter *xml = allocated(xmlNewTextWriterMemory(buffer, 0));

	check(xmlTextWriterSetIndent(xml, 1));
	check(xmlTextWriterStartDocument(xml, "1.0", "UTF-8", NULL));
	write_all(xml, report);
	check(xmlTextWriterEndDocument(xml));
	xmlFreeTextWriter(xml);
	(void)fwrite(xmlBufferContent(buffer), 1, (size_t)xmlBufferLength(buffer), out);
	xmlBufferFree(buffer);
}
