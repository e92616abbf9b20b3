/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What KCIDB takes, the database of KernelCI, in version 5.0 of its schema, which newer ones accept: kcidb_io/schema/v05_00.py of
 * kernelci/kcidb-io.
 *
 * A test belongs to a build of the kernel, which the CI that made it has submitted: --kcidb-build names it. Without it, the
 * document has a checkout and a build of its own for each run.
 *
 * A known defect is a test that fails, with an issue and the incident that connects the two, so that nobody triages it again. A
 * documented deviation is "DONE": the code does as its manual says, which is neither right nor wrong.
 */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "evidence.h"
#include "format.h"
#include "items.h"
#include "json_case.h"
#include "summary.h"
#include "times.h"

#define MAJOR 5
#define MINOR 0

/* The longest excerpt of a log. */
#define EXCERPT 16384

/* An array, as text: the objects of all cases of many runs would take much more memory. */
struct list {
	FILE *stream;
	bool has_any;
	char *bytes;
	size_t length;
};

/* What the document is made of. */
struct document {
	const struct report *report;
	const char *origin;
	struct list checkouts;
	struct list builds;
	struct list tests;
	struct list issues;
	struct list incidents;
};

static void
list_open(struct list *list)
{
	list->stream = allocated(open_memstream(&list->bytes, &list->length));
}

/* Append the object, and free it. */
static void
list_add(struct list *list, struct json_object *object)
{
	(void)fputs(list->has_any ? ",\n" : "", list->stream);
	json_write_object(list->stream, object);
	list->has_any = true;
}

static void
list_write(FILE *out, const char *key, struct list *list)
{
	allocated(ferror(list->stream) || fclose(list->stream) != 0 ? NULL : list);
	(void)fprintf(out, ",\n\"%s\":[%s]", key, list->bytes);
	free(list->bytes);
}

/* The parts of a path may have these; other names may have dots, too. */
#define PART "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
#define NAME PART "."

/* Return the text with a dash for each byte that is none of these. The caller frees it. */
static char *
name_of(struct slice text, const char *allowed)
{
	char *name = text_copy(text);

	for (size_t i = 0; i < text.length; i++)
		if (name[i] == '\0' || strchr(allowed, name[i]) == NULL)
			name[i] = '-';
	return name;
}

/* Return the place of a test among all tests: "shmcheck.sysv.shmget_test.excl_existing_key". The caller frees it. */
static char *
path_of(const struct result *result)
{
	struct slice rest = slice_of(result->program);
	char *path = text_copy(slice_of("shmcheck"));

	(void)slice_skip(&rest, "tests/");
	while (rest.length > 0) {
		const char *slash = memchr(rest.bytes, '/', rest.length);
		size_t length = slash == NULL ? rest.length : (size_t)(slash - rest.bytes);
		char *part = name_of((struct slice){ rest.bytes, length }, PART);
		char *longer = part[0] == '\0' ? text_copy(slice_of(path)) : text_format("%s.%s", path, part);
		free(part);
		free(path);
		path = longer;
		length += slash != NULL;
		rest = (struct slice){ rest.bytes + length, rest.length - length };
	}
	char *name = name_of(slice_of(result->name), PART);
	char *whole = name[0] == '\0' ? text_copy(slice_of(path)) : text_format("%s.%s", path, name);
	free(name);
	free(path);
	return whole;
}

static struct json_object *
new_object(const struct document *document, const char *id)
{
	struct json_object *object = json_new_object();

	json_add_text(object, "id", slice_of(id));
	json_add_text(object, "origin", slice_of(document->origin));
	return object;
}

/* Return the id of the build that the run was on, and add the build if it is one of our own. The caller frees it. */
static char *
build_of(struct document *document, const struct run *run)
{
	if (document->report->kcidb_build != NULL)
		return text_copy(slice_of(document->report->kcidb_build));

	char *name = name_of(slice_of(run->name), NAME);
	char *id = text_format("%s:%s", document->origin, name);
	struct json_object *checkout = new_object(document, id);
	struct json_object *build = new_object(document, id);
	char *platform = summary_platform(&run->results);
	struct slice machine = platform_machine(platform);
	struct slice system = platform_system(platform);

	json_add_text(checkout, "comment", system);
	list_add(&document->checkouts, checkout);
	json_add_text(build, "checkout_id", slice_of(id));
	json_add_text(build, "comment", slice_of(platform));
	if (machine.length > 0 && strspn(machine.bytes, "abcdefghijklmnopqrstuvwxyz0123456789_") >= machine.length)
		json_add_text(build, "architecture", machine);
	list_add(&document->builds, build);
	free(platform);
	free(name);
	return id;
}

static const char *
status_of(enum outcome outcome)
{
	static const char *const words[] = {
		[HOLDS] = "PASS",
		[DEVIATES] = "DONE",
		[KNOWN_DEFECT] = "FAIL",
		[FAILED] = "FAIL",
		[BROKEN] = "ERROR",
		[SKIPPED] = "SKIP",
	};

	return words[outcome];
}

static char *
issue_id(const struct document *document, const struct result *result)
{
	char *path = path_of(result);
	char *id = text_format("%s:%s", document->origin, path);

	free(path);
	return id;
}

static void
add_issue(struct document *document, const struct result *result)
{
	char *id = issue_id(document, result);
	struct json_object *issue = new_object(document, id);
	struct json_object *culprit = json_new_object();
	char *subject = text_clean(slice_of(result_reason(result)));

	json_add_count(issue, "version", 1);
	json_add_text(issue, "report_subject", slice_of(subject));
	json_add(culprit, "code", allocated(json_object_new_boolean(1)));
	json_add(culprit, "tool", allocated(json_object_new_boolean(0)));
	json_add(culprit, "harness", allocated(json_object_new_boolean(0)));
	json_add(issue, "culprit", culprit);
	json_add_if_any(issue, "comment", slice_of(result->promise));
	list_add(&document->issues, issue);
	free(subject);
	free(id);
}

/* One for each case that is a known defect anywhere: the issue is the same on all platforms. */
static void
add_issues(struct document *document)
{
	const struct matrix *matrix = document->report->matrix;

	for (size_t i = 0; i < matrix->case_count; i++)
		for (size_t j = 0; j < document->report->runs->count; j++) {
			const struct result *result = matrix->cases[i].results[j];
			if (result != NULL && result->outcome == KNOWN_DEFECT) {
				add_issue(document, result);
				break;
			}
		}
}

static void
add_incident(struct document *document, const char *test_id, const struct result *result)
{
	char *id = text_format("%s:defect", test_id);
	char *issue = issue_id(document, result);
	struct json_object *incident = new_object(document, id);

	json_add_text(incident, "issue_id", slice_of(issue));
	json_add_count(incident, "issue_version", 1);
	json_add_text(incident, "test_id", slice_of(test_id));
	json_add(incident, "present", allocated(json_object_new_boolean(1)));
	list_add(&document->incidents, incident);
	free(issue);
	free(id);
}

static struct json_object *
misc_of(const struct report *report, const struct run *run, const struct result *result)
{
	struct json_object *misc = json_new_object();

	json_add_list(misc, "requirements", result->requirement, requirement_next);
	json_add_if_any(misc, "level", slice_of(result->level));
	json_add_list(misc, "sources", result->source, source_next);
	json_add_text(misc, "outcome", slice_of(outcome_name(result->outcome)));
	if (report->comparison != NULL)
		json_add_text(
		    misc, "expected", slice_of(outcome_name(report->comparison->expected[result - run->results.all])));
	json_add_if_any(misc, "reason", slice_of(result->reason));
	json_add_observed(misc, result);
	return misc;
}

static struct json_object *
new_test(const struct document *document, const char *id, const char *build, const char *path, const char *status)
{
	struct json_object *test = new_object(document, id);

	json_add_text(test, "build_id", slice_of(build));
	json_add_text(test, "path", slice_of(path));
	json_add_text(test, "status", slice_of(status));
	return test;
}

static void
add_test(struct document *document, const struct run *run, const char *build, const char *prefix,
    const struct result *result)
{
	char *path = path_of(result);
	char *id = text_format("%s:%s:%s", prefix, result->program, result->name);
	struct json_object *test = new_test(document, id, build, path, status_of(result->outcome));

	json_add_if_any(test, "comment", slice_of(result->promise));
	if (run->results.platform != NULL) {
		struct json_object *environment = json_new_object();
		json_add_text(environment, "comment", slice_of(run->results.platform));
		json_add(test, "environment", environment);
	}
	if (result->outcome != HOLDS && result->outcome != SKIPPED) {
		char *lines = evidence_lines(result);
		struct slice excerpt = slice_of(lines);
		excerpt.length = excerpt.length > EXCERPT ? EXCERPT : excerpt.length;
		json_add_if_any(test, "log_excerpt", excerpt);
		free(lines);
	}
	json_add_time(test, "start_time", result->start);
	if (result->end != 0)
		json_add_seconds(test, "duration", result_duration(result));
	json_add(test, "misc", misc_of(document->report, run, result));
	list_add(&document->tests, test);
	if (result->outcome == KNOWN_DEFECT) {
		char *clean = text_clean(slice_of(id));
		add_incident(document, clean, result);
		free(clean);
	}
	free(id);
	free(path);
}

/* The ids of a run's tests differ from those of any other run, even of the same build. */
static void
add_run(struct document *document, const struct run *run)
{
	const struct results *results = &run->results;
	char *build = build_of(document, run);
	char *name = name_of(slice_of(run->name), NAME);
	char *prefix = text_format("%s:%s:%" PRId64, document->origin, name, results_start(results));

	for (size_t i = 0; i < results->count; i++)
		add_test(document, run, build, prefix, &results->all[i]);
	if (results_cut_short(results)) {
		char *comment = summary_cut_short(results);
		struct json_object *test = new_test(document, prefix, build, "shmcheck", "MISS");
		json_add_text(test, "comment", slice_of(comment));
		list_add(&document->tests, test);
		free(comment);
	}
	free(prefix);
	free(name);
	free(build);
}

/* As the schema has it. */
static void
check_options(const struct document *document)
{
	const char *build = document->report->kcidb_build;
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";

	if (document->origin[0] == '\0' || document->origin[strspn(document->origin, letters)] != '\0')
		die("--kcidb-origin is '%s': lower-case letters, digits and underscores only", document->origin);
	if (build == NULL)
		return;
	size_t length = strspn(build, letters);
	if (length == 0 || build[length] != ':' || build[length + 1] == '\0')
		die("--kcidb-build is '%s', and not ORIGIN:ID", build);
	if (document->report->runs->count > 1)
		die("--kcidb-build is for one run; try --help");
}

void
kcidb_write(FILE *out, const struct report *report)
{
	struct document document = {
		.report = report,
		.origin = report->kcidb_origin != NULL ? report->kcidb_origin : "shmcheck",
	};
	const struct {
		const char *key;
		struct list *list;
	} lists[] = {
		{ "checkouts", &document.checkouts },
		{ "builds", &document.builds },
		{ "tests", &document.tests },
		{ "issues", &document.issues },
		{ "incidents", &document.incidents },
	};
	const size_t count = sizeof(lists) / sizeof(lists[0]);

	check_options(&document);
	for (size_t i = 0; i < count; i++)
		list_open(lists[i].list);
	for (size_t i = 0; i < report->runs->count; i++)
		add_run(&document, &report->runs->all[i]);
	add_issues(&document);

	(void)fprintf(out, "{\"version\":{\"major\":%d,\"minor\":%d}", MAJOR, MINOR);
	for (size_t i = 0; i < count; i++)
		list_write(out, lists[i].key, lists[i].list);
	(void)fputs("}\n", out);
}
