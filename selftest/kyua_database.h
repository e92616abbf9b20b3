/* SPDX-License-Identifier: BSD-2-Clause */

/* Small databases in Kyua's schema, for the tests of shmcheck-verdict, which thus need no real failure. */

#ifndef SHMCHECK_KYUA_DATABASE_H
#define SHMCHECK_KYUA_DATABASE_H

#include <sqlite3.h>

/* Make a results database without results, "r.db" in the working directory. The caller closes it. */
sqlite3 *database_create(void);

/* Run SQL that is made with a format of sqlite3_mprintf(). Returns the number of the row that an INSERT added. */
sqlite3_int64 database_execute(sqlite3 *, const char *format, ...);

/* Add a program. Returns its number. */
sqlite3_int64 database_add_program(sqlite3 *, const char *path);

/* Add a case that took from second 1 to second 3. Returns its number, which is that of its metadata, too. */
sqlite3_int64 database_add_case(
    sqlite3 *, sqlite3_int64 program, const char *name, const char *type, const char *reason);

/* Add a property to the metadata with this number. */
void database_add_property(sqlite3 *, sqlite3_int64 metadata, const char *name, const char *value);

/* Add a file that Kyua keeps of a case, such as "__STDERR__". */
void database_add_file(sqlite3 *, sqlite3_int64 test_case, const char *name, const char *contents);

#endif
