/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdlib.h>
#include <string.h>

#include "area.h"
#include "runner_record.h"
#include "runner_results.h"

static const char went_down[] = "the platform went down, or the runner was killed, while it ran";

enum kind { BEGAN, WAS_INTERRUPTED, ENDED };

/* What a record says of a case. */
struct event {
	enum kind kind;
	struct result result; /* the result of the case, unless a later event replaces it */
	size_t order;         /* in the file */
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

/* Returns false if the text is not a number. The number of an empty text is 0. */
static bool
parse_number(struct slice text, int64_t *number)
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

/* Returns null, or a sentence about the first of these fields that is not a number. */
static char *
check_numbers(const struct record *record, const enum field *fields, size_t count, const char *path)
{
	int64_t number;

	for (size_t i = 0; i < count; i++)
		if (!parse_number(record_value(record, fields[i]), &number))
			return text_format("'%s' is damaged: the record at line %zu has no number for its %s", path,
			    record->line, field_names[fields[i]]);
	return NULL;
}

static int64_t
number_of(const struct record *record, enum field field)
{
	int64_t value;

	(void)parse_number(record_value(record, field), &value);
	return value;
}

static void
append(struct events *events, const struct record *record, enum kind kind, struct slice program, struct slice name,
    enum outcome outcome, struct slice reason)
{
	if (events->count == events->room) {
		events->room = events->room * 2 + 64;
		/* There are fewer events than bytes in the file. */
		events->all = allocated(realloc(events->all, events->room * sizeof(*events->all)));
	}
	struct event *event = &events->all[events->count];
	event->order = events->count++;
	event->kind = kind;
	event->result = (struct result){
		.program = text_copy(program),
		.name = text_copy(name),
		.requirement = string(record, REQUIREMENT),
		.level = string(record, LEVEL),
		.source = string(record, SOURCE),
		.promise = string(record, PROMISE),
		.outcome = outcome,
		.reason = text_copy(reason),
		.start = number_of(record, START),
		.end = number_of(record, END),
		.output = { string(record, OUTPUT), record_value(record, OUTPUT).length },
		.errors = { string(record, ERRORS), record_value(record, ERRORS).length },
	};
	event->result.area = area_of(event->result.program, "");
}

/* Returns null, or a sentence about a field of the record that is neither the main one nor one of those in "beside". */
static char *
check_alone(const struct record *record, enum field main, const enum field *beside, size_t count, const char *path)
{
	for (enum field field = 0; field < FIELDS; field++) {
		bool allowed = field == main;
		for (size_t i = 0; i < count; i++)
			allowed |= field == beside[i];
		if (!allowed && record->values[field] != NULL)
			return text_format(
			    "'%s' is damaged: the record at line %zu has a %s on line %zu and a %s on line %zu", path,
			    record->line, field_names[main], record->lines[main], field_names[field],
			    record->lines[field]);
	}
	return NULL;
}

static char *
take_header(struct results *results, const struct record *record, const char *path)
{
	static const enum field beside[] = { PLATFORM, CASES };
	static const enum field numbers[] = { CASES };

	char *complaint = check_alone(record, FORMAT, beside, 2, path);
	if (complaint == NULL)
		complaint = check_numbers(record, numbers, 1, path);
	if (complaint != NULL)
		return complaint;
	if (results->platform == NULL && record_value(record, PLATFORM).length > 0)
		results->platform = string(record, PLATFORM);
	if (record->values[CASES] != NULL)
		results->asked = (size_t)number_of(record, CASES);
	return NULL;
}

/* The case in this field began or was interrupted. */
static char *
take_name(struct events *events, const struct record *record, enum field field, const char *path)
{
	struct slice program = record_value(record, field);
	size_t length = program.length;

	char *complaint = check_alone(record, field, NULL, 0, path);
	if (complaint != NULL)
		return complaint;
	while (length > 0 && program.bytes[length - 1] != ':')
		length--;
	if (length < 2 || length == program.length)
		return text_format("'%s' is damaged: the record at line %zu does not name a case", path, record->line);
	struct slice name = { program.bytes + length, program.length - length };
	program.length = length - 1;
	append(events, record, field == BEGIN ? BEGAN : WAS_INTERRUPTED, program, name, BROKEN, slice_of(went_down));
	return NULL;
}

static char *
take_result(struct events *events, const struct record *record, const char *path)
{
	static const enum field needed[] = { PROGRAM, CASE, RESULT };
	static const enum field times[] = { START, END };
	enum outcome outcome;

	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (record_value(record, needed[i]).length == 0)
			return text_format("'%s' is damaged: the record at line %zu has no %s", path, record->line,
			    field_names[needed[i]]);
	char *complaint = check_numbers(record, times, sizeof(times) / sizeof(times[0]), path);
	if (complaint != NULL)
		return complaint;
	char *word = string(record, RESULT);
	char *reason = string(record, REASON);
	if (outcome_of_word(word, reason, &outcome))
		append(events, record, ENDED, record_value(record, PROGRAM), record_value(record, CASE), outcome,
		    record_value(record, REASON));
	else
		complaint = text_format("'%s' holds a result of the unknown type '%.*s'", path, VALUE_QUOTED, word);
	free(reason);
	free(word);
	return complaint;
}

static char *
take_record(struct results *results, struct events *events, const struct record *record, const char *path)
{
	if (record->values[FORMAT] != NULL)
		return take_header(results, record, path);
	if (record->values[BEGIN] != NULL)
		return take_name(events, record, BEGIN, path);
	if (record->values[INTERRUPTED] != NULL)
		return take_name(events, record, INTERRUPTED, path);
	/* The file may end between two lines of the last record. */
	if (record->last && record->values[RESULT] == NULL)
		return NULL;
	return take_result(events, record, path);
}

/* By program, then by name, then by place in the file. */
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

/* Keep the last event of each case. If it has no description of the case, it takes that of an earlier one. Returns how many. */
static size_t
keep_last(struct events *events)
{
	size_t count = 0;

	for (size_t i = 0; i < events->count; i++) {
		struct event *now = &events->all[i];
		struct event *before = count > 0 ? &events->all[count - 1] : NULL;
		if (before == NULL || !is_same_case(&before->result, &now->result)) {
			events->all[count++] = *now;
			continue;
		}
		if (now->kind != ENDED) {
			swap(&now->result.requirement, &before->result.requirement);
			swap(&now->result.level, &before->result.level);
			swap(&now->result.source, &before->result.source);
			swap(&now->result.promise, &before->result.promise);
		}
		result_free(&before->result);
		*before = *now;
	}
	events->count = count;
	return count;
}

/* An interrupted case has no result. A case that began and did not end is broken: it may have taken the platform down. */
static void
take_events(struct results *results, struct events *events)
{
	if (events->count == 0)
		return;
	qsort(events->all, events->count, sizeof(*events->all), compare_events);
	size_t count = keep_last(events);
	results->all = allocated(calloc(count, sizeof(*results->all)));
	for (size_t i = 0; i < count; i++) {
		struct event *event = &events->all[i];
		results->ended += event->kind == ENDED;
		if (event->kind == WAS_INTERRUPTED)
			result_free(&event->result);
		else
			results->all[results->count++] = event->result;
	}
	if (results->asked < count)
		results->asked = count;
	events->count = 0;
}

char *
runner_results_load(struct results *results, char *bytes, size_t length, const char *path)
{
	struct reader reader = { path, bytes, bytes + length, 0 };
	struct events events = { NULL, 0, 0 };
	struct record record;
	char *complaint = NULL;

	/* If the platform went down, the file may end with a block that was never written: null bytes. */
	while (reader.end > reader.next && reader.end[-1] == '\0')
		reader.end--;
	while (complaint == NULL) {
		complaint = record_next(&reader, &record);
		if (complaint != NULL || record.line == 0 || record.cut)
			break;
		complaint = take_record(results, &events, &record, path);
	}
	if (complaint == NULL)
		take_events(results, &events);
	for (size_t i = 0; i < events.count; i++)
		result_free(&events.all[i].result);
	free(events.all);
	if (complaint == NULL && results->count == 0)
		complaint = text_format("'%s' holds no results: the run was interrupted or ran nothing", path);
	return complaint;
}
