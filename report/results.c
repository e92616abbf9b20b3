/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "readers.h"

/* What each database of SQLite starts with; the null byte is a part of it. */
static const char database_magic[] = "SQLite format 3";

/* Enough to tell the forms apart. */
#define START ((size_t)64)

static const char *const types[] = {
	[HOLDS] = "passed",
	[DEVIATES] = "expected_failure",
	[FAILED] = "failed",
	[BROKEN] = "broken",
	[SKIPPED] = "skipped",
};

bool
outcome_of_type(const char *type, enum outcome *outcome)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(type, types[i]) == 0) {
			*outcome = (enum outcome)i;
			return true;
		}
	return false;
}

/* What the file starts with tells its form; a file that is cut short within its first line is an interrupted run's. */
static bool
is_text(struct contents contents)
{
	size_t length = strlen(TEXT_MAGIC);

	return memcmp(contents.bytes, TEXT_MAGIC, contents.length < length ? contents.length : length) == 0;
}

static char *
load_file(struct results *results, struct contents *contents, FILE *file, const char *path)
{
	if (!contents_read(contents, file, START))
		return cannot_read(path);
	if (contents->length == 0)
		return text_format("'%s' is empty", path);
	if (contents->length >= sizeof(database_magic) &&
	    memcmp(contents->bytes, database_magic, sizeof(database_magic)) == 0)
		return kyua_load(results, path);
	if (!is_text(*contents))
		return text_format("'%s' is neither a results database of Kyua nor a results file of shmcheck", path);
	if (!contents_read(contents, file, SIZE_MAX))
		return cannot_read(path);
	return text_load(results, contents->bytes, contents->length, path);
}

char *
results_load(struct results *results, const char *path)
{
	struct contents contents = { NULL, 0 };

	*results = (struct results){ NULL, 0 };
	errno = 0;
	FILE *file = fopen(path, "rb");
	if (file == NULL)
		return cannot_read(path);
	char *complaint = load_file(results, &contents, file, path);
	(void)fclose(file);
	free(contents.bytes);
	return complaint;
}

void
result_free(struct result *result)
{
	free(result->program);
	free(result->name);
	free(result->area);
	free(result->requirement);
	free(result->level);
	free(result->source);
	free(result->promise);
	free(result->reason);
	free((char *)result->output.bytes);
	free((char *)result->errors.bytes);
}

void
results_free(struct results *results)
{
	for (size_t i = 0; i < results->count; i++)
		result_free(&results->all[i]);
	free(results->all);
	*results = (struct results){ NULL, 0 };
}

bool
observation_next(struct slice *output, struct observation *seen)
{
	struct slice line;

	while (slice_line(output, &line)) {
		if (!slice_skip(&line, "observed: "))
			continue;
		seen->key = (struct slice){ line.bytes, 0 };
		while (line.length > 0) {
			if (slice_skip(&line, " = ")) {
				seen->value = line;
				return true;
			}
			line.bytes++;
			line.length--;
			seen->key.length++;
		}
	}
	return false;
}

char *
results_observed(const struct results *results, const char *key)
{
	for (size_t i = 0; i < results->count; i++) {
		struct slice rest = results->all[i].output;
		struct observation seen;
		while (observation_next(&rest, &seen))
			if (slice_equals(seen.key, key))
				return text_copy(seen.value);
	}
	return NULL;
}

void
tally_add(struct tally *tally, enum outcome outcome)
{
	switch (outcome) {
	case HOLDS:
		tally->holds++;
		break;
	case DEVIATES:
		tally->deviates++;
		break;
	case FAILED:
	case BROKEN:
		tally->fails++;
		break;
	case SKIPPED:
		tally->skipped++;
		break;
	}
}

struct tally
results_tally(const struct results *results)
{
	struct tally tally = { 0, 0, 0, 0 };

	for (size_t i = 0; i < results->count; i++)
		tally_add(&tally, results->all[i].outcome);
	return tally;
}
