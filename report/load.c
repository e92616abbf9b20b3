/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>

#include "contents.h"
#include "kyua_results.h"
#include "load.h"
#include "runner_record.h"
#include "runner_results.h"

/* The first bytes of a database of SQLite. The null byte is one of them. */
static const char database_magic[] = "SQLite format 3";

/* How many bytes tell which kind of file it is. */
#define START ((size_t)64)

/* An interrupted run may leave a file that ends within its first line. */
static bool
is_text(struct contents contents)
{
	size_t length = strlen(RUNNER_MAGIC);

	return memcmp(contents.bytes, RUNNER_MAGIC, contents.length < length ? contents.length : length) == 0;
}

/* SQLite opens it anew, which works with no pipe. */
static char *
load_database(struct results *results, FILE *file, const char *path)
{
	struct stat status;

	if (fstat(fileno(file), &status) == 0 && !S_ISREG(status.st_mode))
		return text_format("'%s' is a database, and not in a regular file", path);
	return kyua_results_load(results, path);
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
		return load_database(results, file, path);
	if (!is_text(*contents))
		return text_format("'%s' is neither a results database of Kyua nor a results file of shmcheck", path);
	if (!contents_read(contents, file, SIZE_MAX))
		return cannot_read(path);
	return runner_results_load(results, contents->bytes, contents->length, path);
}

char *
results_load(struct results *results, const char *path)
{
	struct contents contents = { NULL, 0 };

	*results = (struct results){ .count = 0 };
	errno = 0;
	FILE *file = fopen(path, "rb");
	if (file == NULL)
		return cannot_read(path);
	char *complaint = load_file(results, &contents, file, path);
	(void)fclose(file);
	free(contents.bytes);
	return complaint;
}
