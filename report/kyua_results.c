/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "area.h"
#include "kyua_results.h"

/* The schema of Kyua 0.13 and later. */
#define SCHEMA "3"

/* What the Kyuafile says of a program is stored with the program. What the case says comes first. */
#define PROPERTY_OF(owner, property) \
	"(SELECT property_value FROM metadatas" \
	" WHERE metadata_id = " owner ".metadata_id AND property_name = '" property "')"
#define PROPERTY(property) "COALESCE(NULLIF(" PROPERTY_OF("c", property) ", ''), " PROPERTY_OF("p", property) ")"

#define CONTENTS(file) \
	"(SELECT contents FROM test_case_files f JOIN files USING (file_id)" \
	" WHERE f.test_case_id = c.test_case_id AND file_name = '" file "')"

enum column {
	PROGRAM,
	PROGRAM_ABSOLUTE,
	NAME,
	REQUIREMENT,
	LEVEL,
	SOURCE,
	PROMISE,
	PLATFORM,
	TYPE,
	REASON,
	START,
	END,
	OUTPUT,
	ERRORS,
	COLUMNS
};

static const char *const expressions[COLUMNS] = {
	[PROGRAM] = "relative_path",
	[PROGRAM_ABSOLUTE] = "absolute_path",
	[NAME] = "name",
	[REQUIREMENT] = PROPERTY("custom.requirement"),
	[LEVEL] = PROPERTY("custom.level"),
	[SOURCE] = PROPERTY("custom.source"),
	[PROMISE] = PROPERTY("description"),
	[PLATFORM] = PROPERTY("custom.platform"),
	[TYPE] = "result_type",
	[REASON] = "result_reason",
	[START] = "start_time",
	[END] = "end_time",
	[OUTPUT] = CONTENTS("__STDOUT__"),
	[ERRORS] = CONTENTS("__STDERR__"),
};

/* An outer join, as a case without a result counts too. */
static const char tables[] = " FROM test_cases c JOIN test_programs p USING (test_program_id)"
			     " LEFT JOIN test_results USING (test_case_id)"
			     " ORDER BY relative_path, name, test_case_id";

static const char no_results[] = "'%s' is not a results database of Kyua";

/* SQLite's own message is used only for errors that have no better one here. */
static char *
problem(sqlite3 *db, const char *path)
{
	switch (sqlite3_errcode(db) & 0xff) {
	case SQLITE_NOMEM:
		return allocated(NULL);
	case SQLITE_CANTOPEN:
	case SQLITE_IOERR:
		if (sqlite3_system_errno(db) == 0)
			return text_format("cannot read '%s'", path);
		return text_format("cannot read '%s': %s", path, strerror(sqlite3_system_errno(db)));
	case SQLITE_NOTADB:
		return text_format("'%s' is not a database", path);
	case SQLITE_CORRUPT:
		return text_format("'%s' is damaged", path);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return text_format("'%s' is being written to", path);
	case SQLITE_READONLY: /* a journal tells how to undo what was being written */
		return text_format(
		    "'%s' was being written to when its writer ended: 'sqlite3 %s .tables' undoes that", path, path);
	case SQLITE_ERROR: /* a table or a column is missing */
		return text_format(no_results, path);
	default:
		return text_format("cannot read '%s': %s", path, sqlite3_errmsg(db));
	}
}

static struct slice
column_slice(sqlite3_stmt *row, int column)
{
	struct slice text;

	text.bytes = sqlite3_column_blob(row, column);
	text.length = (size_t)sqlite3_column_bytes(row, column);
	if (text.bytes == NULL && text.length > 0)
		allocated(NULL);
	return text;
}

static char *
column_string(sqlite3_stmt *row, int column)
{
	return text_copy(column_slice(row, column));
}

/* Append the row to the results. Returns null, or a sentence about the error. */
static char *
load_result(struct results *results, sqlite3_stmt *row, const char *path)
{
	char *complaint = NULL;

	results->asked++;
	/* The case began, and Kyua ended before the case did. */
	if (sqlite3_column_bytes(row, TYPE) == 0)
		return NULL;
	results->ended++;
	if (results->platform == NULL && sqlite3_column_bytes(row, PLATFORM) > 0)
		results->platform = column_string(row, PLATFORM);
	/* There are far fewer rows than SIZE_MAX. */
	results->all = allocated(realloc(results->all, (results->count + 1) * sizeof(*results->all)));
	struct result *result = &results->all[results->count++];
	*result = (struct result){
		.program = column_string(row, PROGRAM),
		.name = column_string(row, NAME),
		.requirement = column_string(row, REQUIREMENT),
		.level = column_string(row, LEVEL),
		.source = column_string(row, SOURCE),
		.promise = column_string(row, PROMISE),
		.reason = column_string(row, REASON),
		.start = sqlite3_column_int64(row, START),
		.end = sqlite3_column_int64(row, END),
		.output = { column_string(row, OUTPUT), column_slice(row, OUTPUT).length },
		.errors = { column_string(row, ERRORS), column_slice(row, ERRORS).length },
	};
	char *absolute = column_string(row, PROGRAM_ABSOLUTE);
	char *type = column_string(row, TYPE);
	result->area = area_of(result->program, absolute);
	if (!outcome_of_word(type, result->reason, &result->outcome))
		complaint = text_format("'%s' holds a result of the unknown type '%s'", path, type);
	free(absolute);
	free(type);
	return complaint;
}

/* The caller frees it. */
static char *
query(void)
{
	char *text = text_copy(slice_of("SELECT "));

	for (size_t i = 0; i < COLUMNS; i++) {
		char *longer = text_format("%s%s%s", text, i > 0 ? ", " : "", expressions[i]);
		free(text);
		text = longer;
	}
	char *whole = text_format("%s%s", text, tables);
	free(text);
	return whole;
}

static char *
load_all(struct results *results, sqlite3 *db, const char *path)
{
	sqlite3_stmt *row;
	char *complaint = NULL;
	int status;

	char *text = query();
	status = sqlite3_prepare_v2(db, text, -1, &row, NULL);
	free(text);
	if (status != SQLITE_OK)
		return problem(db, path);
	while (complaint == NULL && (status = sqlite3_step(row)) != SQLITE_DONE)
		complaint = status == SQLITE_ROW ? load_result(results, row, path) : problem(db, path);
	(void)sqlite3_finalize(row);
	if (complaint == NULL && results->count == 0)
		complaint = text_format("'%s' holds no results: Kyua was interrupted or ran nothing", path);
	return complaint;
}

static char *
check_schema(sqlite3 *db, const char *path)
{
	sqlite3_stmt *row;
	char *complaint = NULL;

	if (sqlite3_prepare_v2(db, "SELECT MAX(schema_version) FROM metadata", -1, &row, NULL) != SQLITE_OK)
		return problem(db, path);
	if (sqlite3_step(row) != SQLITE_ROW) {
		complaint = problem(db, path);
	} else {
		char *version = text_copy(column_slice(row, 0));
		if (version[0] == '\0')
			complaint = text_format(no_results, path);
		else if (strcmp(version, SCHEMA) != 0)
			complaint = text_format(
			    "'%s' is of Kyua's schema %s, and only schema " SCHEMA " can be read", path, version);
		free(version);
	}
	(void)sqlite3_finalize(row);
	return complaint;
}

char *
kyua_results_load(struct results *results, const char *path)
{
	sqlite3 *db;
	char *complaint;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
		complaint = problem(db, path);
	else
		complaint = check_schema(db, path);
	if (complaint == NULL)
		complaint = load_all(results, db, path);
	(void)sqlite3_close(db);
	return complaint;
}
