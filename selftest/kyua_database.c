/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdarg.h>

#include <atf-c.h>

#include "kyua_database.h"

static const char schema[] =
    "CREATE TABLE metadata (schema_version INTEGER PRIMARY KEY, timestamp TIMESTAMP NOT NULL);"
    "CREATE TABLE metadatas (metadata_id INTEGER NOT NULL, property_name TEXT NOT NULL, property_value TEXT,"
    " PRIMARY KEY (metadata_id, property_name));"
    "CREATE TABLE test_programs (test_program_id INTEGER PRIMARY KEY AUTOINCREMENT, absolute_path TEXT NOT NULL,"
    " relative_path TEXT NOT NULL, metadata_id INTEGER);"
    "CREATE TABLE test_cases (test_case_id INTEGER PRIMARY KEY AUTOINCREMENT, test_program_id INTEGER,"
    " name TEXT NOT NULL, metadata_id INTEGER);"
    "CREATE TABLE test_results (test_case_id INTEGER PRIMARY KEY, result_type TEXT NOT NULL, result_reason TEXT,"
    " start_time TIMESTAMP NOT NULL, end_time TIMESTAMP NOT NULL);"
    "CREATE TABLE test_case_files (test_case_id INTEGER NOT NULL, file_name TEXT NOT NULL, file_id INTEGER NOT NULL,"
    " PRIMARY KEY (test_case_id, file_name));"
    "CREATE TABLE files (file_id INTEGER PRIMARY KEY, contents BLOB NOT NULL);"
    "INSERT INTO metadata VALUES (3, 0);";

sqlite3_int64
database_execute(sqlite3 *db, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	char *sql = sqlite3_vmprintf(format, arguments);
	va_end(arguments);
	ATF_REQUIRE(sql != NULL);
	ATF_REQUIRE_MSG(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_free(sql);
	return sqlite3_last_insert_rowid(db);
}

sqlite3 *
database_create(void)
{
	sqlite3 *db;

	ATF_REQUIRE_EQ(SQLITE_OK, sqlite3_open("r.db", &db));
	database_execute(db, "%s", schema);
	return db;
}

sqlite3_int64
database_add_program(sqlite3 *db, const char *path)
{
	return database_execute(
	    db, "INSERT INTO test_programs (absolute_path, relative_path) VALUES ('/build/%q', %Q)", path, path);
}

void
database_add_property(sqlite3 *db, sqlite3_int64 metadata, const char *name, const char *value)
{
	database_execute(db, "INSERT INTO metadatas VALUES (%lld, %Q, %Q)", metadata, name, value);
}

sqlite3_int64
database_add_case(sqlite3 *db, sqlite3_int64 program, const char *name, const char *type, const char *reason)
{
	sqlite3_int64 id =
	    database_execute(db, "INSERT INTO test_cases (test_program_id, name) VALUES (%lld, %Q)", program, name);

	database_execute(db, "UPDATE test_cases SET metadata_id = %lld WHERE test_case_id = %lld", id, id);
	database_execute(db, "INSERT INTO test_results VALUES (%lld, %Q, %Q, 1000000, 3000000)", id, type, reason);
	return id;
}

void
database_add_file(sqlite3 *db, sqlite3_int64 test_case, const char *name, const char *contents)
{
	sqlite3_int64 file = database_execute(db, "INSERT INTO files (contents) VALUES (CAST(%Q AS BLOB))", contents);

	database_execute(db, "INSERT INTO test_case_files VALUES (%lld, %Q, %lld)", test_case, name, file);
}
