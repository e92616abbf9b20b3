/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The results file of the runner, which appends to it: what a platform that goes down leaves is all but the last record.
 */

#include <stdlib.h>
#include <string.h>

#include "area.h"
#include "runner_record.h"
#include "runner_results.h"

static const char went_down[] = "the platform went down, or the runner was killed, while it ran";

/* A record of a case: that it begins, or how it ended. */
struct event {
	struct result result;
	size_t order; /* in the file */
	bool began;
};

struct events {
	struct event *all;
	size_t count;
	size_t room;
};

static char *
string(const struct record *record, enum field field)
{
	return text_copy(record_value(record, field));
}

/* Returns false for what is not a number of microseconds. An absent time is 0. */
static bool
parse_time(struct slice text, int64_t *number)
{
	*number = 0;
	for (size_t i = 0; i < text.length; i++) {
		int digit = text.bytes[i] - '0';
		if (digit < 0 || digit > 9 || *number > (INT64_MAX - digit) / 10)
			return false;
		*number = *number * 10 + digit;
	}
	return true;
}

static void
append(struct events *events, const struct record *record, struct slice program, struct slice name,
    enum outcome outcome, struct slice reason)
{
	if (events->count == events->room) {
		events->room = events->room * 2 + 64;
		/* Fewer than the file has bytes. */
		events->all = allocated(realloc(events->all, events->room * sizeof(*events->all)));
	}
	struct event *event = &events->all[events->count];
	event->order = events->count++;
	event->began = record->values[BEGIN] != NULL;
	event->result = (struct result){
		.program = text_copy(program),
		.name = text_copy(name),
		.requirement = string(record, REQUIREMENT),
		.level = string(record, LEVEL),
		.source = string(record, SOURCE),
		.promise = string(record, PROMISE),
		.outcome = outcome,
		.reason = text_copy(reason),
		.output = { string(record, OUTPUT), record_value(record, OUTPUT).length },
		.errors = { string(record, ERRORS), record_value(record, ERRORS).length },
	};
	event->result.area = area_of(event->result.program, "");
	(void)parse_time(record_value(record, START), &event->result.start);
	(void)parse_time(record_value(record, END), &event->result.end);
}

/* Returns null or a complaint about what a record has beside the only field that it may have. */
static char *
check_alone(const struct record *record, enum field only, const char *path)
{
	for (enum field field = 0; field < FIELDS; field++)
		if (field != only && record->values[field] != NULL)
			return text_format("'%s' is damaged: the record at line %zu has a %s beside its %s", path,
			    record->line, field_names[field], field_names[only]);
	return NULL;
}

/* Until a later record says more, a case that begins is one that never ended. */
static char *
take_begin(struct events *events, const struct record *record, const char *path)
{
	struct slice program = record_value(record, BEGIN);
	size_t length = program.length;

	char *complaint = check_alone(record, BEGIN, path);
	if (complaint != NULL)
		return complaint;
	while (length > 0 && program.bytes[length - 1] != ':')
		length--;
	if (length < 2 || length == program.length)
		return text_format(
		    "'%s' is damaged: the record at line %zu does not name the case that begins", path, record->line);
	struct slice name = { program.bytes + length, program.length - length };
	program.length = length - 1;
	append(events, record, program, name, BROKEN, slice_of(went_down));
	return NULL;
}

static char *
take_result(struct events *events, const struct record *record, const char *path)
{
	static const enum field needed[] = { PROGRAM, CASE, RESULT };
	static const enum field times[] = { START, END };
	enum outcome outcome;
	int64_t time;

	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (record_value(record, needed[i]).length == 0)
			return text_format("'%s' is damaged: the record at line %zu has no %s", path, record->line,
			    field_names[needed[i]]);
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		if (!parse_time(record_value(record, times[i]), &time))
			return text_format("'%s' is damaged: the record at line %zu has no number for its %s", path,
			    record->line, field_names[times[i]]);
	char *type = string(record, RESULT);
	bool known = outcome_of_word(type, &outcome);
	char *complaint =
	    known ? NULL : text_format("'%s' holds a result of the unknown type '%.*s'", path, VALUE_QUOTED, type);
	free(type);
	if (known)
		append(events, record, record_value(record, PROGRAM), record_value(record, CASE), outcome,
		    record_value(record, REASON));
	return complaint;
}

static char *
take_record(struct events *events, const struct record *record, const char *path)
{
	if (record->values[FORMAT] != NULL)
		return check_alone(record, FORMAT, path);
	if (record->values[BEGIN] != NULL)
		return take_begin(events, record, path);
	/* The last record of a run that was cut short between two lines, before its result. */
	if (record->last && record->values[RESULT] == NULL)
		return NULL;
	return take_result(events, record, path);
}

/* By program, then by name, then as in the file. */
static int
compare_events(const void *left, const void *right)
{
	const struct event *one = left;
	const struct event *other = right;
	int order = strcmp(one->result.program, other->result.program);

	if (order == 0)
		order = strcmp(one->result.name, other->result.name);
	return order != 0 ? order : (one->order > other->order) - (one->order < other->order);
}

static bool
is_same_case(const struct result *one, const struct result *other)
{
	return strcmp(one->program, other->program) == 0 && strcmp(one->name, other->name) == 0;
}

static void
swap(char **one, char **other)
{
	char *kept = *one;

	*one = *other;
	*other = kept;
}

/* The last event of each case is its result. One that only began is still the case that an earlier run described. */
static void
keep_last(struct results *results, struct events *events)
{
	if (events->count == 0)
		return;
	qsort(events->all, events->count, sizeof(*events->all), compare_events);
	struct result *all = allocated(calloc(events->count, sizeof(*all)));
	size_t count = 0;
	for (size_t i = 0; i < events->count; i++) {
		struct result *now = &events->all[i].result;
		struct result *before = count > 0 ? &all[count - 1] : NULL;
		if (before == NULL || !is_same_case(before, now)) {
			all[count++] = *now;
			continue;
		}
		if (events->all[i].began) {
			swap(&now->requirement, &before->requirement);
			swap(&now->level, &before->level);
			swap(&now->source, &before->source);
			swap(&now->promise, &before->promise);
		}
		result_free(before);
		*before = *now;
	}
	events->count = 0;
	*results = (struct results){ all, count };
}

char *
runner_results_load(struct results *results, char *bytes, size_t length, const char *path)
{
	struct reader reader = { path, bytes, bytes + length, 0 };
	struct events events = { NULL, 0, 0 };
	struct record record;
	char *complaint = NULL;

	/* A file system that went down with the platform may end the file with the null bytes of a block never written. */
	while (reader.end > reader.next && reader.end[-1] == '\0')
		reader.end--;
	while (complaint == NULL) {
		complaint = record_next(&reader, &record);
		if (complaint != NULL || record.line == 0 || record.cut)
			break;
		complaint = take_record(&events, &record, path);
	}
	if (complaint == NULL)
		keep_last(results, &events);
	for (size_t i = 0; i < events.count; i++)
		result_free(&events.all[i].result);
	free(events.all);
	if (complaint == NULL && results->count == 0)
		complaint = text_format("'%s' holds no results: the run was interrupted or ran nothing", path);
	return complaint;
}
